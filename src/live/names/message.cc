#include "live/names/message.h"

#include <algorithm>
#include <arpa/nameser.h>
#include <cctype>
#include <resolv.h>

namespace ddbproxy::live {
namespace {

constexpr uint16_t record_of_options = 41;

uint16_t word_at(const unsigned char* bytes) { return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]); }

void put(std::vector<unsigned char>& out, uint16_t word) {
  out.push_back(static_cast<unsigned char>(word >> 8));
  out.push_back(static_cast<unsigned char>(word));
}

std::optional<Address> address_in(const ns_rr& record) {
  const unsigned char* data = ns_rr_rdata(record);
  if (ns_rr_type(record) == ns_t_a && ns_rr_rdlen(record) == 4)
    return Address::ipv4(uint32_t{word_at(data)} << 16 | word_at(data + 2), 0);
  if (ns_rr_type(record) == ns_t_aaaa && ns_rr_rdlen(record) == 16) {
    unsigned char bytes[16];
    std::copy_n(data, 16, bytes);
    return Address::ipv6(bytes, 0);
  }
  return {};
}

/// The name at `at` inside the message; empty when it is none.
std::string name_at(const ns_msg& message, const unsigned char* at) {
  char name[NS_MAXDNAME];
  const int length = dn_expand(ns_msg_base(message), ns_msg_end(message), at, name, sizeof name);
  return length < 0 ? std::string() : std::string(name);
}

std::optional<ServiceRecord> service_in(const ns_msg& message, const ns_rr& record) {
  constexpr size_t fixed = 6;
  if (ns_rr_rdlen(record) <= fixed) return {};
  const unsigned char* data = ns_rr_rdata(record);
  ServiceRecord service{word_at(data), word_at(data + 2), word_at(data + 4), name_at(message, data + fixed), {}};
  if (service.target.empty()) return {};
  return service;
}

/// The answer section. Each record must be of the name asked for, or of the alias before it.
AnswerStatus read_records(ns_msg& message, const Question& question, NameAnswer& answer) {
  std::string name = question.name;
  for (int index = 0; index < ns_msg_count(message, ns_s_an); ++index) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, index, &record) || !same_name(ns_rr_name(record), name))
      return AnswerStatus::invalid;
    if (ns_rr_type(record) == ns_t_cname) {
      name = name_at(message, ns_rr_rdata(record));
      if (name.empty()) return AnswerStatus::invalid;
    } else if (question.type == RecordType::srv) {
      if (ns_rr_type(record) != ns_t_srv) continue;
      auto service = service_in(message, record);
      if (!service) return AnswerStatus::invalid;
      answer.services.push_back(std::move(*service));
    } else if (const auto address = address_in(record)) {
      answer.addresses.push_back(*address);
    }
  }
  return answer.addresses.empty() && answer.services.empty() ? AnswerStatus::broken_alias : AnswerStatus::valid;
}

void read_additional(ns_msg& message, NameAnswer& answer) {
  for (int index = 0; index < ns_msg_count(message, ns_s_ar); ++index) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_ar, index, &record)) return;
    const auto address = address_in(record);
    if (!address) continue;
    for (ServiceRecord& service : answer.services)
      if (same_name(service.target, ns_rr_name(record))) service.addresses.push_back(*address);
  }
}

/// An address of either family will do: the answer to a round's first question may come after the second was sent.
bool answers(RecordType told, RecordType asked) {
  const auto is_address = [](RecordType type) { return type == RecordType::a || type == RecordType::aaaa; };
  return told == asked || (is_address(told) && is_address(asked));
}

AnswerStatus judge(ns_msg& message, const Question& question, NameAnswer& answer) {
  if (ns_msg_count(message, ns_s_qd) != 1) return AnswerStatus::invalid;
  if (ns_msg_count(message, ns_s_an) == 0) return AnswerStatus::empty;
  if (ns_msg_getflag(message, ns_f_tc)) return AnswerStatus::truncated;
  ns_rr asked;
  if (ns_parserr(&message, ns_s_qd, 0, &asked) || !same_name(ns_rr_name(asked), question.name) ||
      !answers(static_cast<RecordType>(ns_rr_type(asked)), question.type))
    return AnswerStatus::invalid;
  return read_records(message, question, answer);
}

}  // namespace

std::optional<std::vector<unsigned char>> encode_question(uint16_t id, const Question& question, uint16_t accepted) {
  unsigned char name[NS_MAXCDNAME];
  const int length = dn_comp(question.name.c_str(), name, sizeof name, nullptr, nullptr);
  if (length <= 0) return {};
  constexpr uint16_t recursion_desired = 0x0100;
  std::vector<unsigned char> out;
  for (const uint16_t word : {id, recursion_desired, uint16_t{1}, uint16_t{0}, uint16_t{0}, uint16_t{accepted > 0}})
    put(out, word);
  out.insert(out.end(), name, name + length);
  put(out, static_cast<uint16_t>(question.type));
  put(out, ns_c_in);
  if (accepted) {
    out.push_back(0);  // the root's name
    for (const uint16_t word : {record_of_options, accepted, uint16_t{0}, uint16_t{0}, uint16_t{0}}) put(out, word);
  }
  return out;
}

std::optional<uint16_t> message_id(std::span<const unsigned char> message) {
  if (message.size() < 2) return {};
  return word_at(message.data());
}

NameAnswer read_answer(std::span<const unsigned char> message, const Question& question) {
  NameAnswer answer;
  constexpr size_t code_at = 3;
  if (message.size() <= code_at) return answer;
  // The code counts even where the rest is no message, as haproxy has it.
  switch (message[code_at] & 0x0f) {
    case ns_r_noerror: break;
    case ns_r_nxdomain: answer.status = AnswerStatus::nonexistent; return answer;
    case ns_r_refused: answer.status = AnswerStatus::refused; return answer;
    default: answer.status = AnswerStatus::other; return answer;
  }
  ns_msg parsed;
  if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed)) return answer;
  answer.status = judge(parsed, question, answer);
  if (answer.status == AnswerStatus::valid) read_additional(parsed, answer);
  return answer;
}

bool same_name(std::string_view one, std::string_view other) {
  if (one.ends_with('.')) one.remove_suffix(1);
  if (other.ends_with('.')) other.remove_suffix(1);
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace ddbproxy::live
