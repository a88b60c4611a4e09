import Cryptography
import Foundation
import Testing

/// Examples of FIPS 180-4 (NIST, csrc.nist.gov) and section 7.1 of RFC 8032.
struct CryptographyTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 of the examples of the standard`(text: String, expected: String) {
    #expect(hexadecimal(SHA256.hash(Data(text.utf8))) == expected)
    var hash = SHA256()
    for byte in text.utf8 { hash.update(Data([byte])) }
    #expect(hexadecimal(hash.finalize()) == expected)
  }

  @Test func `SHA-256 of a million letters, in pieces`() {
    var hash = SHA256()
    for _ in 0..<1000 { hash.update(Data(repeating: UInt8(ascii: "a"), count: 1000)) }
    #expect(
      hexadecimal(hash.finalize())
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Secret key, public key, message, signature.
  private static let signed = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  @Test(arguments: signed)
  func `Ed25519 of the examples of the RFC`(
    secret: String, open: String, message: String, signature: String
  ) throws {
    let key = try #require(Ed25519PrivateKey(bytes(secret)))
    #expect(hexadecimal(key.publicKey) == open)
    #expect(hexadecimal(key.signature(of: bytes(message))) == signature)
    func isValid(_ signature: Data, _ message: Data, _ key: Data) -> Bool {
      Ed25519.isValid(signature: signature, of: message, publicKey: key)
    }
    #expect(isValid(bytes(signature), bytes(message), bytes(open)))
    var altered = bytes(signature)
    altered[0] ^= 1
    #expect(!isValid(altered, bytes(message), bytes(open)))
    #expect(!isValid(bytes(signature), bytes(message + "00"), bytes(open)))
    #expect(!isValid(bytes(signature), bytes(message), bytes(secret)))
    #expect(!isValid(bytes(signature).dropLast(), bytes(message), bytes(open)))
    #expect(!isValid(bytes(signature), bytes(message), Data()))
  }

  @Test func `a key has 32 bytes`() {
    #expect(Ed25519PrivateKey(Data(count: 31)) == nil)
    #expect(Ed25519PrivateKey(Data(count: 33)) == nil)
  }

  private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private func bytes(_ text: String) -> Data {
    let digits = Array(text)
    return Data(
      stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
      })
  }
}
