/** What a visitor sees while the server does not know its chain or oracle. */
export function NotConfigured({ problems }: { problems: readonly string[] }) {
  return (
    <main id="main" lang="en" dir="ltr">
      <h1>Not configured</h1>
      <p>This server does not know enough to run. Code: NOT_CONFIGURED.</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </main>
  )
}
