// Commands on what ddbproxy never holds (certificates...): they are answered as by a haproxy whose configuration has
// none of it.
#include "admin/commands/absent.h"

#include <algorithm>
#include <fmt/format.h>

#include "admin/runs.h"
#include "base/text.h"

namespace ddbproxy::admin {
namespace {

using Payload = AbsentSubject::Payload;

constexpr AbsentReply not_built{};
constexpr AbsentReply error(const char* text) { return {Severity::error, text}; }
constexpr AbsentReply info(const char* text) { return {Severity::info, text}; }
constexpr AbsentReply warning(const char* text) { return {Severity::warning, text}; }
constexpr AbsentReply list(const char* text) { return {Severity::none, text}; }

constexpr AbsentReply nothing_to_abort = error("No ongoing transaction!\n");
constexpr AbsentReply nothing_to_commit = error("No ongoing transaction! !\nCan't commit {}!\n");

// clang-format off
constexpr AbsentSubject rows[] = {
    {"abort ssl ca-file", 1, error("'abort ssl ca-file' expects a filename\n"), nothing_to_abort},
    {"abort ssl cert", 1, error("'abort ssl cert' expects a filename\n"), nothing_to_abort},
    {"abort ssl crl-file", 1, error("'abort ssl crl-file' expects a filename\n"), nothing_to_abort},
    {"add ssl crt-list", 2, error("'add ssl crtlist' expects a filename and a certificate name\n"),
     error("Can't edit the crt-list: crt-list '{}' does not exist!\n")},
    {"commit ssl ca-file", 1, error("'commit ssl ca-file expects a filename\n"), nothing_to_commit},
    {"commit ssl cert", 1, error("'commit ssl cert expects a filename\n"), nothing_to_commit},
    {"commit ssl crl-file", 1, error("'commit ssl ca-file expects a filename\n"), nothing_to_commit},
    {"del ssl ca-file", 1, error("'del ssl ca-file' expects a CA file name\n"),
     error("Can't remove the CA file: CA file '{}' doesn't exist!\n\n")},
    {"del ssl cert", 1, error("'del ssl cert' expects a certificate name\n"),
     error("Can't remove the certificate: certificate '{}' doesn't exist!\n\n")},
    {"del ssl crl-file", 1, error("'del ssl crl-file' expects a CRL file name\n"),
     error("Can't remove the CRL file: CRL file '{}' doesn't exist!\n\n")},
    {"del ssl crt-list", 2, error("'del ssl crtlist' expects a filename and a certificate name\n"),
     error("Can't delete the entry: crt-list '{}' does not exist!\n")},
    {"new ssl ca-file", 1, error("'new ssl ca-file' expects a filename\n"), not_built},
    {"new ssl cert", 1, error("'new ssl cert' expects a filename\n"), not_built},
    {"new ssl crl-file", 1, error("'new ssl crl-file' expects a filename\n"), not_built},
    {"set ssl ca-file", 1, error("'set ssl ca-file expects a filename and CAs as a payload\n"),
     error("Can't replace a CA file which is not referenced by the configuration!\nCan't update {}!\n"), Payload::required},
    {"set ssl cert", 1, error("'set ssl cert expects a filename and a certificate as a payload\n"), not_built,
     Payload::required},
    {"set ssl crl-file", 1, error("'set ssl crl-file expects a filename and CRLs as a payload\n"),
     error("Can't replace a CRL file which is not referenced by the configuration!\nCan't update {}!\n"), Payload::required},
    {"set ssl ocsp-response", 1, error("'set ssl ocsp-response' expects response in base64 encoding.\n"), not_built,
     Payload::last_arguments},
    {"set ssl tls-key", 2, error("'set ssl tls-key' expects a filename and the new TLS key in base64 encoding.\n"),
     error("'set ssl tls-key' unable to locate referenced filename\n")},
    {"show cache", 0, not_built, list("")},
    {"show ssl ca-file", 1, list("# filename\n"), error("Can't display the CA file : Not found!\n")},
    {"show ssl cert", 1, list(""),
     error("Can't display the certificate: Not found or the certificate is a bundle!\n")},
    {"show ssl crl-file", 1, list("# filename\n"), error("Can't display the CRL file : Not found!\n")},
    {"show ssl ocsp-response", 1, list(""), error("Certificate ID does not match any certificate.\n")},
    {"show tls-keys", 1, list("# id (file)\n"), error("'show tls-keys' unable to locate referenced filename\n")},
    {"show trace", 1, info("Supported trace sources and states (.=stopped, w=waiting, R=running) :\n"),
     error("No such trace source")},
    {"trace", 1, warning("Supported trace sources and states (.=stopped, w=waiting, R=running) :\n"
                         " [.] 0          : not a source, will immediately stop all traces\n"),
     error("No such trace source")},
};
// clang-format on

/// The words after the command's own.
std::span<const std::string> arguments_of(const Call& call, const AbsentSubject& subject) {
  return call.words.subspan(base::split(subject.words, ' ').size());
}

Answer answer(const AbsentReply& reply, const AbsentSubject& subject, const std::string& name) {
  if (!reply.text) return not_supported(subject.words);
  return {reply.severity, fmt::format(fmt::runtime(reply.text), name)};
}

}  // namespace

std::span<const AbsentSubject> absent_subjects() { return rows; }

Answer run_absent(Call& call) {
  const Command* command = find_command(call.words, call.client);
  const auto* row = std::ranges::find(rows, command->words, &AbsentSubject::words);
  const AbsentSubject& subject = *row;
  const auto arguments = arguments_of(call, subject);
  const std::string name = arguments.empty() ? std::string() : arguments[0];
  const bool loaded = !call.payload.empty();
  if (subject.payload == Payload::required && !loaded) return answer(subject.incomplete, subject, name);
  if (subject.payload == Payload::last_arguments && loaded) return answer(subject.absent, subject, name);
  return answer(arguments.size() < subject.arguments ? subject.incomplete : subject.absent, subject, name);
}

Answer run_show_crt_list(Call& call) {
  const bool numbered = call.word(3) == "-n";
  if (call.has(numbered ? 4 : 3)) return Answer::error("didn't find the specified filename\n");
  return numbered ? Answer::error("'show ssl crt-list -n' expects a filename or a directory\n") : Answer::done();
}

Answer run_show_tls_keys(Call& call) {
  return call.word(2) == "*" ? Answer::document("# id secret\n") : run_absent(call);
}

/// Everybody sees the list, operators one source.
Answer run_show_trace(Call& call) {
  return call.has(2) && !call.may(model::CliLevel::operator_) ? permission_denied() : run_absent(call);
}

Answer run_trace(Call& call) {
  return call.word(1) == "0" ? Answer::notice("All traces now stopped") : run_absent(call);
}

}  // namespace ddbproxy::admin
