'use client'

import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { FieldGroup } from '../../ui/Field.tsx'
import { type TemplateName, TEMPLATES } from './campaign-templates.ts'

const NAMES = Object.keys(TEMPLATES).filter((name): name is TemplateName => name in TEMPLATES)

/** A start to choose: it fills the form, and everything in it may be changed after. */
export function TemplateChoice({ onChoose }: { onChoose: (template: TemplateName) => void }) {
  const [chosen, setChosen] = useState<TemplateName>()
  return (
    <FieldGroup
      legend="Start from"
      hint={
        chosen === undefined
          ? 'It fills in what is usual; change whatever you like after.'
          : TEMPLATES[chosen].why
      }
    >
      <div className="row">
        {NAMES.map((name) => (
          <Button
            key={name}
            aria-pressed={name === chosen}
            kind={name === chosen ? 'main' : 'other'}
            onClick={() => {
              setChosen(name)
              onChoose(name)
            }}
          >
            {TEMPLATES[name].button}
          </Button>
        ))}
      </div>
    </FieldGroup>
  )
}
