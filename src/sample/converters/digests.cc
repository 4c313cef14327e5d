// Converters by OpenSSL's libcrypto: digests, codes and AES-GCM.
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <vector>

#include "sample/base64.h"
#include "sample/converters/rows.h"

namespace ddbproxy::sample {
namespace {

using namespace conversion;
using enum Type;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// What a thread has asked OpenSSL for: finding an algorithm costs more than using it.
class Algorithms {
 public:
  ~Algorithms() {
    for (const auto& [id, digest] : digests_) EVP_MD_free(digest);
    for (const auto& [bits, cipher] : ciphers_) EVP_CIPHER_free(cipher);
    EVP_MD_CTX_free(digest_context);
    EVP_CIPHER_CTX_free(cipher_context);
  }
  /// Null: no provider has it.
  const EVP_MD* digest(int id) {
    return find(digests_, id, [=] { return EVP_MD_fetch(nullptr, OBJ_nid2sn(id), nullptr); });
  }
  const EVP_CIPHER* aes_gcm(int64_t bits) {
    const char* const name = bits == 128 ? "AES-128-GCM" : bits == 192 ? "AES-192-GCM" : "AES-256-GCM";
    return find(ciphers_, static_cast<int>(bits), [=] { return EVP_CIPHER_fetch(nullptr, name, nullptr); });
  }
  EVP_MD_CTX* digest_context = EVP_MD_CTX_new();
  EVP_CIPHER_CTX* cipher_context = EVP_CIPHER_CTX_new();

 private:
  template <class Kind, class Fetch>
  static Kind* find(std::vector<std::pair<int, Kind*>>& known, int id, Fetch fetch) {
    for (const auto& [of, kind] : known)
      if (of == id) return kind;
    known.emplace_back(id, fetch());
    return known.back().second;
  }
  std::vector<std::pair<int, EVP_MD*>> digests_;
  std::vector<std::pair<int, EVP_CIPHER*>> ciphers_;
};

Algorithms& algorithms() {
  thread_local Algorithms of_thread;
  return of_thread;
}

bool make_digest(int id, Value& value, Scratch& scratch) {
  const EVP_MD* const digest = algorithms().digest(id);
  EVP_MD_CTX* const with = algorithms().digest_context;
  char* const bytes = scratch.take(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  const bool made = digest && EVP_DigestInit_ex(with, digest, nullptr) == 1 &&
                    EVP_DigestUpdate(with, value.text.data(), value.text.size()) == 1 &&
                    EVP_DigestFinal_ex(with, reinterpret_cast<unsigned char*>(bytes), &size) == 1;
  scratch.trim(bytes, made ? size : 0);
  if (made) value.set_binary({bytes, size});
  return made;
}

bool sha1(Arguments, Value& value, Context& context) { return make_digest(NID_sha1, value, context.scratch); }

int sha2_of(int64_t bits) {
  switch (bits) {
    case 224: return NID_sha224;
    case 256: return NID_sha256;
    case 384: return NID_sha384;
    case 512: return NID_sha512;
    default: return NID_undef;
  }
}

std::string check_sha2(std::span<Argument> arguments, Library&) {
  Argument& bits = arguments[0];
  if (!given(bits)) bits.number = 256;
  return sha2_of(bits.number) != NID_undef ? "" : fmt::format("Unsupported number of bits: '{}'", bits.number);
}

bool sha2(Arguments arguments, Value& value, Context& context) {
  return make_digest(sha2_of(arguments[0].number), value, context.scratch);
}

/// Leaves the number of the algorithm in the argument.
std::string check_digest(std::span<Argument> arguments, Library&) {
  const EVP_MD* const digest = EVP_get_digestbyname(arguments[0].text.c_str());
  if (!digest) return "algorithm must be a valid OpenSSL message digest name.";
  arguments[0].number = EVP_MD_get_type(digest);
  return {};
}

bool digest(Arguments arguments, Value& value, Context& context) {
  return make_digest(static_cast<int>(arguments[0].number), value, context.scratch);
}

/// A variable, or bytes in base64, which the argument's text is then.
std::string check_bytes(Argument& argument, std::string_view what, Library& library) {
  std::string why;
  argument.variable = library.variable(argument.text, why);
  if (argument.variable) return {};
  const std::optional<size_t> size = read_base64(argument.text, argument.text.data());
  if (!size)
    return fmt::format(
        "failed to parse {} : argument needs to be base64 encoded, and can either be a string or a variable", what);
  argument.text.resize(*size);
  return {};
}

std::optional<std::string_view> bytes_of(const Argument& argument, Context& context) {
  if (!argument.variable) return argument.text;
  Value value;
  if (!read_variable(*argument.variable, string, value, context)) return {};
  char* const bytes = context.scratch.take(value.text.size());
  const std::optional<size_t> size = read_base64(value.text, bytes);
  context.scratch.trim(bytes, size.value_or(0));
  if (!size) return {};
  return std::string_view(bytes, *size);
}

std::string check_hmac(std::span<Argument> arguments, Library& library) {
  std::string wrong = check_digest(arguments, library);
  return wrong.empty() ? check_bytes(arguments[1], "key", library) : wrong;
}

bool hmac(Arguments arguments, Value& value, Context& context) {
  const std::optional<std::string_view> key = bytes_of(arguments[1], context);
  const EVP_MD* const digest = algorithms().digest(static_cast<int>(arguments[0].number));
  if (!key || !digest) return false;
  char* const bytes = context.scratch.take(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  const bool made = HMAC(digest, key->empty() ? "" : key->data(), static_cast<int>(key->size()), bytes_of(value.text),
                         value.text.size(), reinterpret_cast<unsigned char*>(bytes), &size) != nullptr;
  context.scratch.trim(bytes, made ? size : 0);
  if (made) value.set_binary({bytes, size});
  return made;
}

std::string check_aes_gcm(std::span<Argument> arguments, Library& library) {
  const int64_t bits = arguments[0].number;
  if (bits != 128 && bits != 192 && bits != 256) return "key size must be 128, 192 or 256 (bits).";
  constexpr std::string_view names[] = {"nonce", "key", "aead_tag"};
  for (size_t i = 0; i < std::size(names); ++i)
    if (std::string wrong = check_bytes(arguments[i + 1], names[i], library); !wrong.empty()) return wrong;
  return {};
}

bool aes_gcm_dec(Arguments arguments, Value& value, Context& context) {
  const std::optional<std::string_view> nonce = bytes_of(arguments[1], context), key = bytes_of(arguments[2], context),
                                        tag = bytes_of(arguments[3], context);
  const int64_t bits = arguments[0].number;
  const EVP_CIPHER* const cipher = algorithms().aes_gcm(bits);
  if (!nonce || !key || !tag || !cipher || key->size() < static_cast<size_t>(bits / 8) || tag->size() > 16)
    return false;
  EVP_CIPHER_CTX* const with = algorithms().cipher_context;
  char* const bytes = context.scratch.take(value.text.size() + 16);
  auto* const out = reinterpret_cast<unsigned char*>(bytes);
  int size = 0, last = 0;
  const bool right =
      EVP_DecryptInit_ex(with, cipher, nullptr, nullptr, nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(with, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(nonce->size()), nullptr) == 1 &&
      EVP_DecryptInit_ex(with, nullptr, nullptr, bytes_of(*key), bytes_of(*nonce)) == 1 &&
      EVP_DecryptUpdate(with, out, &size, bytes_of(value.text), static_cast<int>(value.text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(with, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag->size()), const_cast<char*>(tag->data())) ==
          1 &&
      EVP_DecryptFinal_ex(with, out + size, &last) == 1;
  const size_t used = right ? static_cast<size_t>(size + last) : 0;
  context.scratch.trim(bytes, used);
  if (right) value.set_binary({bytes, used});
  return right;
}

/// Takes as long for the first wrong byte as for the last.
bool secure_memcmp(Arguments arguments, Value& value, Context& context) {
  Value other;
  if (!read_variable(*arguments[0].variable, binary, other, context)) return false;
  value.set_boolean(value.text.size() == other.text.size() &&
                    CRYPTO_memcmp(value.text.data(), other.text.data(), value.text.size()) == 0);
  return true;
}

constexpr auto none = ArgumentKinds::of("");

constexpr Converter rows[] = {
    {"aes_gcm_dec", ArgumentKinds::of("integer,string,string,string"), binary, binary, aes_gcm_dec, check_aes_gcm, true,
     "Decrypts by AES-GCM with a key of so many bits: nonce, key and tag in base64, or variables that have them."},
    {"digest", ArgumentKinds::of("string"), binary, binary, digest, check_digest, true,
     "The digest of the bytes by an algorithm that OpenSSL knows."},
    {"hmac", ArgumentKinds::of("string,string"), binary, binary, hmac, check_hmac, true,
     "The authentication code of the bytes by an algorithm that OpenSSL knows and a key in base64 or in a variable."},
    {"secure_memcmp", ArgumentKinds::of("string"), binary, boolean, secure_memcmp, check_compared, true,
     "Whether the bytes are those of a variable, in a time that does not tell where they differ."},
    {"sha1", none, binary, binary, sha1, nullptr, true, "The SHA-1 digest of the bytes."},
    {"sha2", ArgumentKinds::of("[integer]"), binary, binary, sha2, check_sha2, true,
     "The SHA-2 digest of the bytes with 224, 256 (the default), 384 or 512 bits."},
};

}  // namespace

constinit const Rows digest_rows = rows;

}  // namespace ddbproxy::sample
