#include "app/master/cli_session.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

#include "admin/command_line.h"
#include "app/master/master_cli.h"
#include "net/socket_passing.h"

namespace ddbproxy::app {
namespace {

constexpr size_t piece = 16384;

bool would_block(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

CliSession::CliSession(MasterCli& owner, base::Fd fd, model::CliLevel level) : owner_(owner), fd_(std::move(fd)) {
  client_.level = level;
  want(Interest::read);
}

void CliSession::go_on() {
  if (closed_ || running_) return;
  running_ = true;
  while (!closed_ && step()) {
  }
  running_ = false;
}

bool CliSession::step() {
  // What was answered is written before anything else: `reload` leaves nobody to do it later.
  if (!write()) return false;
  if (leaving_) return close(), false;
  if (master_) return hear_master();
  if (worker_) return hear_worker();
  if (take_line()) return true;
  if (input_ended_) return close(), false;
  const size_t before = input_.size();
  read();
  if (input_.size() != before || input_ended_) return true;
  if (!closed_) want(Interest::read);
  return false;
}

/// True when everything is written.
bool CliSession::write() {
  size_t written = 0;
  while (written < output_.size()) {
    const ssize_t sent = send(fd_.get(), output_.data() + written, output_.size() - written, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      output_.erase(0, written);
      worker_event_.remove();  // what it has to say can wait
      if (would_block(errno))
        want(Interest::write);
      else
        close();
      return false;
    }
    written += static_cast<size_t>(sent);
  }
  output_.clear();
  return true;
}

void CliSession::read() {
  char buffer[4096];
  const size_t room = admin::longest_command - std::min(admin::longest_command, input_.size());
  if (!room) return refuse("Command line too long.\n");
  const ssize_t got = recv(fd_.get(), buffer, std::min(room, sizeof buffer), 0);
  if (got > 0)
    input_.append(buffer, static_cast<size_t>(got));
  else if (got == 0 || !would_block(errno))
    input_ended_ = true;
}

/// Takes a command, or a line of the payload of one, off the input; false when none is whole.
bool CliSession::take_line() {
  const size_t end = held_.empty() ? admin::end_of_command(input_) : input_.find('\n');
  if (end == std::string::npos) return false;
  std::string line = input_.substr(0, end);
  const bool may_have_payload = input_[end] == '\n';
  input_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  if (held_.empty() && (!may_have_payload || !line.ends_with("<<"))) return command(line), true;
  const bool whole = !held_.empty() && line.empty();
  held_ += line + '\n';
  if (held_.size() > 2 * admin::longest_command) return refuse("Payload too long.\n"), true;
  if (whole)
    command(std::exchange(held_, {}));
  else if (client_.prompt)
    output_ += "+ ";
  return true;
}

void CliSession::command(std::string_view text) {
  const Addressed addressed = address_of(text);
  if (addressed.prefix.empty()) {
    if (!own_command(addressed.command)) ask(target_, text);
    return;
  }
  const pid_t whom = owner_.children_.find_target(addressed.prefix);
  if (whom < 0) return refuse(fmt::format("Can't find the target PID matching the prefix '{}'\n", addressed.prefix));
  if (!addressed.command.empty()) return ask(whom, addressed.command);
  target_ = whom;
  answered();
}

bool CliSession::own_command(std::string_view text) {
  const admin::Words words = admin::split_command(text);
  if (words.empty()) return false;
  const bool on = words.size() > 1 && words[1] == "on";
  const auto set = [&](model::CliLevel needed, auto change) {
    if (client_.level < needed) return refuse("Permission denied!\n"), true;
    change();
    answered();
    return true;
  };
  using enum model::CliLevel;
  if (words[0] == "quit") return answered(), leaving_ = true;
  if (words[0] == "prompt") return set(user, [&] { client_.prompt = !client_.prompt; });
  if (words[0] == "user") return set(user, [&] { client_.level = user; });
  if (words[0] == "operator") return set(operator_, [&] { client_.level = operator_; });
  if (words[0] == "expert-mode") return set(admin, [&] { client_.expert = on; });
  if (words[0] == "experimental-mode") return set(admin, [&] { client_.experimental = on; });
  if (words[0] == "mcli-debug-mode") return set(admin, [&] { client_.debug = on; });
  return false;
}

void CliSession::ask(pid_t whom, std::string_view text) {
  question_ = client_.preamble(whom == 0);
  question_ += text;
  if (!question_.ends_with('\n')) question_ += '\n';  // as behind a payload
  want(Interest::none);
  if (whom) return ask_worker(whom);
  admin::Client client;
  client.granted = client.level = model::CliLevel::admin;
  client.master = true;
  master_ = std::make_unique<admin::Conversation>(owner_.runtime_, client, [this] { go_on(); });
}

void CliSession::ask_worker(pid_t whom) {
  const auto& all = owner_.children_.all();
  const auto child = std::find_if(all.begin(), all.end(), [&](const Child& each) { return each.pid == whom; });
  auto connection = child == all.end() ? base::Error{} : net::connect_through(child->link);
  // haproxy, too, says nothing when the process that commands went to is gone.
  if (!connection) return void(leaving_ = true);
  worker_ = std::move(*connection);
}

bool CliSession::hear_master() {
  using Next = admin::Conversation::Next;
  const size_t some = std::min(master_->room(), question_.size());
  master_->receive(std::string_view(question_).substr(0, some));
  question_.erase(0, some);
  if (question_.empty()) master_->end_of_input();
  switch (master_->advance(output_, piece)) {
    case Next::output:
    case Next::input: return true;
    case Next::either:  // its input has ended, so it does not wait for any
    case Next::answer: return false;
    case Next::end:
    case Next::leave: break;  // `_getsocks`: the master has none to give
  }
  master_.reset();
  answered();
  return true;
}

bool CliSession::hear_worker() {
  const auto wait_for = [&](short what) {
    want(Interest::none);
    worker_event_.watch<&CliSession::worker_ready>(owner_.loop_, worker_.get(), static_cast<short>(what | EV_PERSIST),
                                                   *this);
    return false;
  };
  while (!question_.empty()) {
    const ssize_t sent = send(worker_.get(), question_.data(), question_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && would_block(errno)) return wait_for(EV_WRITE);
    if (sent < 0) break;
    question_.erase(0, static_cast<size_t>(sent));
    if (question_.empty()) shutdown(worker_.get(), SHUT_WR);
  }
  char buffer[piece];
  const ssize_t got = recv(worker_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
  if (got > 0) return output_.append(buffer, static_cast<size_t>(got)), true;
  if (got < 0 && would_block(errno)) return wait_for(EV_READ);
  worker_event_.remove();
  worker_.reset();
  question_.clear();
  answered();
  return true;
}

void CliSession::answered() {
  if (client_.prompt) output_ += client_.prompt_of(target_ ? fmt::to_string(target_) : "master");
}

void CliSession::refuse(std::string_view why) {
  output_ += why;
  leaving_ = true;
}

void CliSession::want(Interest interest) {
  if (interest == interest_) return;
  interest_ = interest;
  if (interest == Interest::none) return event_.remove();
  const short what = interest == Interest::read ? EV_READ : EV_WRITE;
  event_.watch<&CliSession::ready>(owner_.loop_, fd_.get(), static_cast<short>(what | EV_PERSIST), *this);
}

void CliSession::close() {
  if (closed_) return;
  closed_ = true;
  event_.remove();
  worker_event_.remove();
  worker_.reset();
  fd_.reset();
  owner_.retire(*this);
}

}  // namespace ddbproxy::app
