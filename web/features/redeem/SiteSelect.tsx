import { Select } from '../../ui/Field.tsx'

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
  return (
    <Select
      label="Where are you?"
      value={site}
      onChange={(event) => onSite(Number(event.target.value))}
    >
      {Array.from({ length: sites }, (_, index) => (
        <option key={index} value={index + 1}>
          {names?.[index]?.name ?? `Site ${index + 1}`}
        </option>
      ))}
    </Select>
  )
}
