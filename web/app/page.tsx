import { Queries } from '../chain/Queries.tsx'
import { Home } from '../features/home/Home.tsx'

export default function HomePage() {
  return (
    <Queries>
      <Home />
    </Queries>
  )
}
