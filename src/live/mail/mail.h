// A mail about a server: what it says, and how the server it is handed in at is spoken to (manual 3.6, RFC 5321). Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <ddbproxy/sections.h>

#include "base/clock.h"

namespace ddbproxy::live {

struct Mail {
  Address server;                     ///< Where it is handed in.
  std::chrono::milliseconds timeout;  ///< For all of it.
  std::string host_name, from, to;
  std::string text;  ///< One line; it is the subject, too.
};

/// What haproxy says, in this order, each as soon as the answer before has its code. The last answer ends it.
struct MailStep {
  std::string_view awaited;  ///< "220 "
  std::string (*words)(const Mail& mail, base::WallTime now);
};
extern const std::array<MailStep, 7> mail_steps;

/// Whether an answer has the code that is awaited: it may stand anywhere, but in what came at once.
enum class MailAnswer : uint8_t { incomplete, good, bad };
MailAnswer judge_mail_answer(std::string_view answer, std::string_view awaited);

}  // namespace ddbproxy::live
