import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import type { Source } from './read-history.ts'

/** Where the events were read: who trusts no index reads them from the chain, and so does the page where there is none. */
export function SourceNote({
  from,
  isChosen,
  onChoose,
}: {
  from: Source
  /** Somebody wants them from the chain. */
  isChosen: boolean
  onChoose: (source: '' | 'chain') => void
}) {
  switch (from.kind) {
    case 'index':
      return (
        <p className="soft small row">
          <span>These events come from an index of the chain.</span>
          <Button kind="quiet" onClick={() => onChoose('chain')}>
            Read the chain itself
          </Button>
        </p>
      )
    case 'chain':
      return isChosen ? (
        <p className="soft small row">
          <span>These events are read from the chain itself.</span>
          <Button kind="quiet" onClick={() => onChoose('')}>
            Read the index
          </Button>
        </p>
      ) : null
    case 'away':
      return (
        <Notice code="INDEXER_AWAY">
          <p>
            The index does not answer, so these events are read from the chain itself. They are the
            same, and take longer.
          </p>
        </Notice>
      )
    case 'behind':
      return (
        <Notice code="INDEXER_BEHIND">
          <p>
            The index is {from.blocks.toLocaleString('en-GB')} blocks behind, so these events are
            read from the chain itself. They are the same, and take longer.
          </p>
        </Notice>
      )
  }
}
