#include "spool/token_key.h"

#include <fmt/format.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "core/release.h"
#include "core/wiping_allocator.h"
#include "spool/cipher.h"
#include "spool/master_key.h"

namespace tapestry::spool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCredential = "credential:";
constexpr std::size_t kMostWrapped = 2048;  // an RSA key of 16,384 bits
constexpr std::size_t kMostPin = 256;

using Uri = std::unique_ptr<P11KitUri, Release<p11_kit_uri_free>>;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("spool: master key in a token: " + what); }

void require(CK_RV result, const char* what) {
  if (result != CKR_OK) fail(fmt::format("{}: {}", what, p11_kit_strerror(result)));
}

Uri parsed(const std::string& text) {
  Uri uri(p11_kit_uri_new());
  if (uri == nullptr || p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get()) != P11_KIT_URI_OK) {
    fail("it is no pkcs11: URI (RFC 7512)");
  }
  if (p11_kit_uri_get_module_path(uri.get()) == nullptr) fail("its URI has no module-path");
  return uri;
}

Secret pin_of(P11KitUri* uri) {
  const char* source = p11_kit_uri_get_pin_source(uri);
  if (source == nullptr) fail("its URI has no pin-source");
  fs::path file = source;
  if (std::string_view(source).starts_with(kCredential)) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) fail("systemd gave no credentials");
    file = fs::path(folder) / fs::path(std::string_view(source).substr(kCredential.size())).filename();
  }
  std::vector<char, WipingAllocator<char>> bytes(kMostPin);
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), std::ssize(bytes));
  auto length = static_cast<std::size_t>(stream.gcount());
  while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) --length;
  const Secret pin{as_bytes(std::string_view(bytes.data(), length))};
  if (length == 0) fail("its PIN cannot be read");
  return pin;
}

/// The module that the URI names, as long as it lives.
class Module {
 public:
  explicit Module(P11KitUri* uri) : functions_(p11_kit_module_load(p11_kit_uri_get_module_path(uri), 0)) {
    if (functions_ == nullptr) fail(fmt::format("its module cannot be loaded: {}", p11_kit_message()));
    const CK_RV result = p11_kit_module_initialize(functions_);
    if (result == CKR_OK) return;
    p11_kit_module_release(functions_);
    require(result, "its module cannot be used");
  }
  ~Module() {
    (void)p11_kit_module_finalize(functions_);
    p11_kit_module_release(functions_);
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  CK_FUNCTION_LIST* operator->() const noexcept { return functions_; }

 private:
  CK_FUNCTION_LIST* functions_;
};

CK_SLOT_ID slot_of(const Module& module, P11KitUri* uri) {
  CK_ULONG count = 0;
  require(module->C_GetSlotList(CK_TRUE, nullptr, &count), "its tokens cannot be listed");
  std::vector<CK_SLOT_ID> slots(count);
  require(module->C_GetSlotList(CK_TRUE, slots.data(), &count), "its tokens cannot be listed");
  slots.resize(count);
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (module->C_GetTokenInfo(slot, &info) == CKR_OK && p11_kit_uri_match_token_info(uri, &info) == 1) return slot;
  }
  fail("no token is what its URI names");
}

/// A session in which the user is logged in.
class Session {
 public:
  Session(const Module& module, P11KitUri* uri) : module_(module) {
    require(module_->C_OpenSession(slot_of(module, uri), CKF_SERIAL_SESSION, nullptr, nullptr, &handle_),
            "the token gives no session");
    Secret pin = pin_of(uri);
    std::vector<std::uint8_t> bytes(pin.bytes().begin(), pin.bytes().end());
    const CK_RV result = module_->C_Login(handle_, CKU_USER, bytes.data(), bytes.size());
    wipe(bytes);
    if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN) return;
    (void)module_->C_CloseSession(handle_);
    require(result, "the token refuses the PIN");
  }
  ~Session() { (void)module_->C_CloseSession(handle_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The half of the key pair that the URI's object names.
  [[nodiscard]] CK_OBJECT_HANDLE find(P11KitUri* uri, CK_OBJECT_CLASS half) const {
    std::vector<CK_ATTRIBUTE> wanted{{CKA_CLASS, &half, sizeof half}};
    for (const CK_ATTRIBUTE_TYPE type : {CK_ATTRIBUTE_TYPE{CKA_LABEL}, CK_ATTRIBUTE_TYPE{CKA_ID}}) {
      if (CK_ATTRIBUTE* given = p11_kit_uri_get_attribute(uri, type); given != nullptr) wanted.push_back(*given);
    }
    require(module_->C_FindObjectsInit(handle_, wanted.data(), wanted.size()), "the token finds no key");
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count = 0;
    const CK_RV result = module_->C_FindObjects(handle_, &found, 1, &count);
    (void)module_->C_FindObjectsFinal(handle_);
    require(result, "the token finds no key");
    if (count == 0) fail("the token has no such key");
    return found;
  }

  [[nodiscard]] std::vector<std::uint8_t> wrap(CK_OBJECT_HANDLE key, std::vector<std::uint8_t> bytes) const {
    CK_MECHANISM mechanism = oaep();
    require(module_->C_EncryptInit(handle_, &mechanism, key), "the token does not wrap");
    std::vector<std::uint8_t> made(kMostWrapped);
    CK_ULONG length = made.size();
    require(module_->C_Encrypt(handle_, bytes.data(), bytes.size(), made.data(), &length), "the token does not wrap");
    made.resize(length);
    wipe(bytes);
    return made;
  }

  [[nodiscard]] Secret unwrap(CK_OBJECT_HANDLE key, std::vector<std::uint8_t> bytes) const {
    CK_MECHANISM mechanism = oaep();
    require(module_->C_DecryptInit(handle_, &mechanism, key), "the token does not unwrap");
    std::vector<std::uint8_t> made(kMostWrapped);
    CK_ULONG length = made.size();
    const CK_RV result = module_->C_Decrypt(handle_, bytes.data(), bytes.size(), made.data(), &length);
    const Secret key_bytes{Bytes(made).first(kKeyBytes)};
    wipe(made);
    require(result, "the token does not unwrap the spool's key");
    if (length != kKeyBytes) fail("what the token unwraps is no key");
    return key_bytes;
  }

 private:
  /// SHA-1 is what every token knows, and RSA-OAEP needs no more of its hash.
  CK_MECHANISM oaep() const { return {CKM_RSA_PKCS_OAEP, &parameters_, sizeof parameters_}; }

  const Module& module_;
  CK_SESSION_HANDLE handle_ = 0;
  mutable CK_RSA_PKCS_OAEP_PARAMS parameters_{CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, nullptr, 0};
};

std::vector<std::uint8_t> read_wrapped(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
  if (bytes.empty() || bytes.size() > kMostWrapped) fail(file.string() + " holds none");
  return bytes;
}

/// Under its name the file is whole from the beginning; whoever is first makes it.
void write_wrapped(const fs::path& file, const std::vector<std::uint8_t>& bytes) {
  if (!make_whole(file, bytes))
    fail(fmt::format("{} cannot be made: {}", file.string(), std::generic_category().message(errno)));
}

}  // namespace

Secret open_token_key(const std::string& text, const fs::path& wrapped) {
  const Uri uri = parsed(text);
  const Module module(uri.get());
  const Session session(module, uri.get());
  if (!fs::exists(wrapped)) {
    const Secret fresh = random_key();
    write_wrapped(wrapped,
                  session.wrap(session.find(uri.get(), CKO_PUBLIC_KEY), {fresh.bytes().begin(), fresh.bytes().end()}));
  }
  return session.unwrap(session.find(uri.get(), CKO_PRIVATE_KEY), read_wrapped(wrapped));
}

}  // namespace tapestry::spool
