import { expect } from 'chai'
import { deviceSentenceFor, isDeviceCode, OUTAGES, outageCode } from './device.ts'

describe('device', () => {
  it('has a sentence of its own for every code', () => {
    const sentences = Object.values(deviceSentenceFor)
    expect(new Set(sentences).size).to.equal(sentences.length)
    for (const sentence of sentences) expect(sentence).to.match(/^[A-Z].+\.$/)
  })

  it('names every outage that HyperTrack documents', () => {
    expect(OUTAGES).to.have.length(43)
    for (const reason of OUTAGES) {
      const code = outageCode(reason)
      expect(isDeviceCode(code), reason).to.equal(true)
      expect(code, reason).not.to.equal('DEVICE_OUTAGE')
    }
  })

  it('reads dots, dashes and capitals as HyperTrack writes them', () => {
    for (const reason of ['location.mocked', 'location-mocked', 'LOCATION_MOCKED']) {
      expect(outageCode(reason)).to.equal('DEVICE_LOCATION_MOCKED')
    }
    expect(outageCode('permissions.location.denied')).to.equal('DEVICE_LOCATION_PERMISSION_DENIED')
  })

  it('takes what it does not know for an outage all the same', () => {
    for (const reason of ['', 'solar_flare', '__proto__', 'constructor', 'toString', '\0']) {
      expect(outageCode(reason), reason).to.equal('DEVICE_OUTAGE')
    }
    expect(isDeviceCode('toString')).to.equal(false)
  })
})
