#include "admin/conversation.h"

#include <algorithm>
#include <fmt/format.h>

#include "admin/command.h"

namespace ddbproxy::admin {
namespace {

constexpr std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "err";
    case Severity::warning: return "warning";
    case Severity::notice: return "notice";
    case Severity::info: return "info";
    case Severity::none: return "";
  }
  return "";
}

std::string severity_mark(Severity severity, SeverityOutput output) {
  if (severity == Severity::none || output == SeverityOutput::none) return {};
  if (output == SeverityOutput::string) return fmt::format("[{}]: ", severity_name(severity));
  return fmt::format("[{}]: ", static_cast<int>(severity));
}

/// What a master says before the command of its client, so that it has no more rights here than there: nothing but an
/// error is answered to it.
bool is_preamble(const Words& words) {
  constexpr std::string_view commands[] = {"user", "operator", "expert-mode", "experimental-mode", "mcli-debug-mode"};
  return words.size() > 1 && words.back() == "-" &&
         std::find(std::begin(commands), std::end(commands), words.front()) != std::end(commands);
}

}  // namespace

Conversation::Conversation(Runtime& runtime, Client client, std::function<void()> wake)
    : runtime_(runtime), client_(client), wake_(std::move(wake)) {}

size_t Conversation::room() const {
  if (finished_ || input_.size() >= longest_command) return 0;
  return longest_command - input_.size();
}

void Conversation::receive(std::string_view bytes) { input_ += bytes; }

Conversation::Next Conversation::advance(std::string& out, size_t enough) {
  while (!finished_) {
    if (out.size() >= enough) return Next::output;
    if (pending_) {
      if (!pending_->answer) return Next::answer;
      Answer answer = std::move(*pending_->answer);
      pending_.reset();
      begin(out, std::move(answer));
    } else if (more_) {
      if (more_(out)) continue;
      if (!following_ || input_ended_ || !input_.empty())
        end_answer(out);
      else
        return out.empty() ? Next::either : Next::output;
    } else if (!in_payload_ && command_) {
      run_next(out);
    } else if (!(in_payload_ ? take_payload_line(out) : take_command(out))) {
      if (!input_ended_) return Next::input;
      finished_ = true;
    }
  }
  return taker_ ? Next::leave : Next::end;
}

/// Takes one command from the input; false when there is none.
bool Conversation::take_command(std::string& out) {
  const size_t end = end_of_command(input_);
  if (end == std::string::npos) {
    if (input_.size() < longest_command) return false;
    refuse(out, "Command line too long.\n");
    return true;
  }
  std::string_view command = std::string_view(input_).substr(0, end);
  if (command.ends_with('\r')) command.remove_suffix(1);
  in_payload_ = take_payload_mark(command);
  command_ = split_command(command);
  input_.erase(0, end + 1);
  if (in_payload_ && client_.prompt) out += "+ ";
  return true;
}

/// Takes one line of a payload from the input; false when there is none.
bool Conversation::take_payload_line(std::string& out) {
  const size_t end = input_.find('\n');
  const size_t size = std::min(end, input_.size());
  if (payload_.size() + size >= longest_command) {
    refuse(out, "Payload too long.\n");
    return true;
  }
  if (end == std::string::npos) return false;
  std::string_view line = std::string_view(input_).substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  in_payload_ = !line.empty();
  // One without a line is a line without a word, as haproxy has it.
  if (in_payload_ || payload_.empty()) payload_.append(line) += '\n';
  input_.erase(0, end + 1);
  if (in_payload_ && client_.prompt) out += "+ ";
  return true;
}

void Conversation::run_next(std::string& out) {
  const Words words = std::move(*command_);
  command_.reset();
  preamble_ = is_preamble(words);
  Call call{words, payload_, client_, runtime_};
  Answer answer = execute(call);
  if (client_.leaving)
    finished_ = true;
  else
    begin(out, std::move(answer));
}

void Conversation::begin(std::string& out, Answer answer) {
  if (!answer.text.empty()) out += severity_mark(answer.severity, client_.severity_output) + answer.text;
  if (answer.take_connection) {
    taker_ = std::move(answer.take_connection);
    finished_ = true;
  } else if (answer.later) {
    pending_ = std::make_shared<Pending>();
    answer.later([this, waiting = std::weak_ptr(pending_)](Answer late) {
      if (const auto pending = waiting.lock()) {
        pending->answer = std::move(late);
        wake_();
      }
    });
  } else if (answer.more) {
    if (answer.follow) following_ = answer.follow(wake_);
    more_ = std::move(answer.more);
  } else {
    end_answer(out);
  }
}

void Conversation::end_answer(std::string& out) {
  more_ = nullptr;
  following_ = nullptr;
  answered_ = true;
  payload_.clear();
  if (client_.prompt)
    out += "\n> ";
  else if (!preamble_)
    out += '\n';
}

void Conversation::refuse(std::string& out, std::string_view why) {
  out += severity_mark(Severity::error, client_.severity_output);
  out += why;
  out += '\n';
  command_.reset();
  finished_ = true;
}

}  // namespace ddbproxy::admin
