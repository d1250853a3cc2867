import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { iamModel, stsModel } from '../model/service-model.ts'
import { buildJsonAnswer, jsonError } from './json.ts'
import { buildXmlAnswer, escapeXml, xmlError } from './xml.ts'

const id = '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE'
const parser = new XMLParser({ parseTagValue: false, trimValues: false, processEntities: true, htmlEntities: true })
const user = { UserId: 'AIDA', Arn: 'arn', CreateDate: Date.UTC(2012, 4, 8, 23, 34, 1, 999) }

describe('an answer in XML', () => {
  it('has the operation, its result and the request id', () => {
    const write = buildXmlAnswer(iamModel(), 'GetUser', 'GetUserResponse')
    expect(write({ User: { ...user, UserName: 'ada', Path: '/' } }, id)).toBe(
      '<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User><Path>/</Path>' +
        '<UserName>ada</UserName><UserId>AIDA</UserId><Arn>arn</Arn><CreateDate>2012-05-08T23:34:01Z</CreateDate></User>' +
        `</GetUserResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></GetUserResponse>`,
    )
  })

  it('has no result where the operation gives none', () => {
    expect(buildXmlAnswer(iamModel(), 'EnableMFADevice', undefined)(undefined, id)).toBe(
      '<EnableMFADeviceResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>' +
        `<RequestId>${id}</RequestId></ResponseMetadata></EnableMFADeviceResponse>`,
    )
  })

  it('has lists with members, empty ones too', () => {
    const write = buildXmlAnswer(iamModel(), 'ListMFADevices', 'ListMFADevicesResponse')
    const row = { UserName: 'ada', SerialNumber: 's', EnableDate: 0 }
    expect(write({ MFADevices: [row, row], IsTruncated: false }, id)).toContain(
      '<MFADevices><member><UserName>ada</UserName><SerialNumber>s</SerialNumber><EnableDate>1970-01-01T00:00:00Z</EnableDate></member><member>',
    )
    expect(write({ MFADevices: [], IsTruncated: true, Marker: undefined }, id)).toContain(
      '<ListMFADevicesResult><MFADevices></MFADevices><IsTruncated>true</IsTruncated></ListMFADevicesResult>',
    )
  })

  it('has maps with entries and blobs in base64', () => {
    expect(
      buildXmlAnswer(
        iamModel(),
        'GetAccountSummary',
        'GetAccountSummaryResponse',
      )({ SummaryMap: { Users: 1, AccountMFAEnabled: 0, Groups: undefined } }, id),
    ).toContain(
      '<SummaryMap><entry><key>Users</key><value>1</value></entry><entry><key>AccountMFAEnabled</key><value>0</value></entry></SummaryMap>',
    )
    const device = { SerialNumber: 's', Base32StringSeed: Buffer.from('ABC'), QRCodePNG: Buffer.from([1, 2, 255]) }
    expect(
      buildXmlAnswer(
        iamModel(),
        'CreateVirtualMFADevice',
        'CreateVirtualMFADeviceResponse',
      )({ VirtualMFADevice: device }, id),
    ).toContain('<Base32StringSeed>QUJD</Base32StringSeed><QRCodePNG>AQL/</QRCodePNG>')
  })

  it('carries any text back to a parser', () => {
    const write = buildXmlAnswer(stsModel(), 'GetCallerIdentity', 'GetCallerIdentityResponse')
    const text = fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', '&lt;', '\n', '\t', 'é', '🔑', 'a', ' '),
    })
    fc.assert(
      fc.property(text, (value) => {
        const parsed = parser.parse(write({ Arn: `|${value}|` }, id))
        expect(parsed.GetCallerIdentityResponse.GetCallerIdentityResult.Arn).toBe(`|${value}|`)
      }),
    )
  })

  it('is not broken by what XML cannot carry', () => {
    expect(escapeXml('a\u0000b\u001bc\ud800d\uffffe\rf🔑')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde&#xD;f🔑')
  })

  it('escapes errors', () => {
    const error = { type: 'Sender', code: 'ValidationError', message: "Value '<a>&' at 'x'" }
    expect(xmlError('ns', error, id)).toBe(
      '<ErrorResponse xmlns="ns"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Value &apos;&lt;a&gt;&amp;&apos; at &apos;x&apos;</Message></Error>' +
        `<RequestId>${id}</RequestId></ErrorResponse>`,
    )
  })
})

describe('an answer in JSON', () => {
  it('has the envelope, nulls for what is absent, seconds and base64', () => {
    const write = buildJsonAnswer(iamModel(), 'GetUser', 'GetUserResponse')
    expect(JSON.parse(write({ User: user }, id))).toEqual({
      GetUserResponse: {
        GetUserResult: {
          User: {
            Path: null,
            UserName: null,
            UserId: 'AIDA',
            Arn: 'arn',
            CreateDate: user.CreateDate / 1000,
            PasswordLastUsed: null,
            PermissionsBoundary: null,
            Tags: null,
          },
        },
        ResponseMetadata: { RequestId: id },
      },
    })
    expect(JSON.parse(buildJsonAnswer(iamModel(), 'DeleteUser', undefined)(undefined, id))).toEqual({
      DeleteUserResponse: { ResponseMetadata: { RequestId: id } },
    })
  })

  it('has errors', () => {
    expect(JSON.parse(jsonError({ type: 'Sender', code: 'NoSuchEntity', message: 'm' }, id))).toEqual({
      Error: { Code: 'NoSuchEntity', Message: 'm', Type: 'Sender' },
      RequestId: id,
    })
  })

  it('can be written, as XML can, for every operation', () => {
    for (const model of [iamModel(), stsModel()])
      for (const [name, { output }] of Object.entries(model.operations)) {
        expect(buildJsonAnswer(model, name, output)({}, id)).toContain(`"${name}Response"`)
        expect(buildXmlAnswer(model, name, output)({}, id)).toMatch(new RegExp(`^<${name}Response xmlns=`))
      }
  })
})
