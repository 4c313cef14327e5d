#include "stream/check_evaluation.h"

#include "live/backend.h"
#include "net/socket.h"
#include "sample/log_format.h"
#include "stream/rules.h"

namespace ddbproxy::stream {

namespace {

/// A check has no stream: most of what a format may ask is as it is before one.
sample::StreamFacts facts_of(const live::CheckMoment& moment) {
  sample::StreamFacts facts;
  facts.frontend = "CHECKS-FE";
  facts.backend = moment.server.backend().name();
  facts.server = moment.server.name();
  if (moment.fd >= 0) {
    facts.backend_source = net::local_address(moment.fd);
    facts.server_address = net::peer_address(moment.fd);
  }
  facts.accepted = std::chrono::system_clock::now();
  facts.t_handshake = -1;
  facts.termination[0] = 'P';
  facts.termination[1] = 'R';
  facts.partial = true;
  return facts;
}

}  // namespace

CheckEvaluation::CheckEvaluation(live::State& state) : state_(state), scratch_(state.model().global.bufsize) {}

Evaluation CheckEvaluation::evaluation_of(const live::CheckMoment& moment) {
  scratch_.clear();
  const live::BackendConfig& backend = moment.server.backend().current();
  Evaluation evaluation(scratch_, state_, backend.generation);
  evaluation.backend = &backend;
  evaluation.server = &moment.server;
  evaluation.server_fd = moment.fd;
  evaluation.response = moment.answer;
  evaluation.has_response = true;
  evaluation.of_check = &moment.variables;
  // What has not come yet is not waited for.
  evaluation.final = true;
  return evaluation;
}

std::string CheckEvaluation::text(const sample::LogFormat& format, const live::CheckMoment& moment) {
  Evaluation evaluation = evaluation_of(moment);
  std::string text;
  format.append(text, facts_of(moment), {.samples = &evaluation, .dashes = false});
  return text;
}

std::optional<int64_t> CheckEvaluation::number(const sample::Expression& expression, const live::CheckMoment& moment) {
  Evaluation evaluation = evaluation_of(moment);
  sample::Value value;
  if (expression.evaluate_as(evaluation, value, sample::Type::integer) != sample::Answer::found) return std::nullopt;
  return value.number;
}

void CheckEvaluation::run(const model::Rule& rule, const live::CheckMoment& moment) {
  Evaluation evaluation = evaluation_of(moment);
  change_variable(rule, evaluation, facts_of(moment));
}

}  // namespace ddbproxy::stream
