import { Select } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'

/** Which of a campaign's places the holder is at, where nobody measures it. */
export function SiteSelect({
  sites,
  names,
  site,
  onSite,
}: {
  sites: number
  names: readonly { name: string }[] | undefined
  site: number
  onSite: (site: number) => void
}) {
  const { say } = useWords()
  return (
    <Select
      label={say('sheet.whichSite')}
      value={site}
      onChange={(event) => onSite(Number(event.target.value))}
    >
      {Array.from({ length: sites }, (_, index) => (
        <option key={index} value={index + 1}>
          {names?.[index]?.name ?? say('common.site', { number: index + 1 })}
        </option>
      ))}
    </Select>
  )
}
