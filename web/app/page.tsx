import { Home } from '../features/home/Home.tsx'

export default function HomePage() {
  return <Home />
}
