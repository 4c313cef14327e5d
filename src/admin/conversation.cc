#include "admin/conversation.h"

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

}  // namespace

Conversation::Conversation(Runtime& runtime, Client client, std::function<void()> wake)
    : runtime_(runtime), client_(client), wake_(std::move(wake)) {}

size_t Conversation::room() const {
  if (finished_ || input_.size() >= longest_line) return 0;
  return longest_line - input_.size();
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
      if (!more_(out)) end_answer(out);
    } else if (!in_payload_ && !commands_.empty()) {
      run_next(out);
    } else if (!read_line(out)) {
      if (!input_ended_) return Next::input;
      finished_ = true;
    }
  }
  return taker_ ? Next::leave : Next::end;
}

/// Takes one line from the input; false when there is none.
bool Conversation::read_line(std::string& out) {
  const size_t end = in_payload_ ? input_.find('\n') : end_of_line(input_);
  if (end == std::string::npos) {
    if (input_.size() < longest_line) return false;
    refuse(out, "Command line too long.\n");
    return true;
  }
  std::string_view line = std::string_view(input_).substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!in_payload_) {
    in_payload_ = take_payload_mark(line);
    for (Words& words : split_line(line)) commands_.push_back(std::move(words));
  } else if (line.empty()) {
    in_payload_ = false;
  } else if (payload_.size() + line.size() >= longest_line) {
    refuse(out, "Payload too long.\n");
    return true;
  } else {
    payload_.append(line) += '\n';
  }
  input_.erase(0, end + 1);
  if (in_payload_ && client_.prompt) out += "+ ";
  return true;
}

void Conversation::run_next(std::string& out) {
  const Words words = std::move(commands_.front());
  commands_.pop_front();
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
    more_ = std::move(answer.more);
  } else {
    end_answer(out);
  }
}

void Conversation::end_answer(std::string& out) {
  more_ = nullptr;
  answered_ = true;
  if (commands_.empty()) payload_.clear();
  out += client_.prompt ? "\n> " : "\n";
}

void Conversation::refuse(std::string& out, std::string_view why) {
  out += severity_mark(Severity::error, client_.severity_output);
  out += why;
  out += '\n';
  commands_.clear();
  finished_ = true;
}

}  // namespace ddbproxy::admin
