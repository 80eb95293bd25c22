import { Notice } from '../../ui/Notice.tsx'
import type { Source } from './read-history.ts'

/** Says so where the events had to be read from the chain because the index was not to be had. */
export function SourceNote({ from }: { from: Source }) {
  switch (from.kind) {
    case 'index':
    case 'chain':
      return null
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
