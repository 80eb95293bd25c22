'use client'

import type { GeofenceDocument, Vertex } from '@coupon-secure/protocol/geofence'
import { Table } from '../../../ui/Table.tsx'
import { COORDINATE_HINT, coordinateText } from './coordinate.ts'
import { CoordinateField } from './CoordinateField.tsx'
import type { TestedPoint } from './geofence-map.ts'
import styles from './places.module.css'
import { verdictText } from './point-test.ts'

/** What the oracle would say to somebody at a point, by the rules it decides by and the policy in the form. */
export function PointVerdicts({
  document,
  tested,
  onPoint,
}: {
  document: GeofenceDocument | undefined
  tested: TestedPoint | undefined
  onPoint: (point: Vertex) => void
}) {
  return (
    <div className="stack">
      <CoordinateField
        label="Test a point: what would the oracle say?"
        button="Test it"
        hint={`Choose “Test a point” and tap the map, or type it here. ${COORDINATE_HINT}`}
        onPosition={onPoint}
      />
      {document === undefined && (
        <p className="soft small">A point can be tested once nothing is wrong with the sites.</p>
      )}
      {document && tested && (
        <div className="stack" role="status">
          <Table
            caption={`What the oracle would say at ${coordinateText(tested.point)}`}
            head={['If the phone is exact to', 'Answer', 'Why']}
          >
            {tested.verdicts.map(({ accuracyMetres, decision }) => {
              const { answer, why } = verdictText({ decision, document })
              return (
                <tr key={accuracyMetres}>
                  <td>{accuracyMetres} m</td>
                  <td
                    className={
                      styles[decision.verdict === 'refused' ? 'outside' : decision.verdict]
                    }
                  >
                    {answer}
                  </td>
                  <td>{why}</td>
                </tr>
              )
            })}
          </Table>
          <p className="soft small">
            At {coordinateText(tested.point)}, decided by the oracle’s own rules
            {document.policy.isBeaconRequired && ', with the code of the counter there scanned'}.
            The circles on the map are these accuracies.
          </p>
        </div>
      )}
    </div>
  )
}
