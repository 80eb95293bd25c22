import { Lost } from './lost.tsx'

export default function NotFoundPage() {
  return <Lost />
}
