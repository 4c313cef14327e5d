// Evaluates what the scripts of health checks ask for (manual 4.2 "tcp-check set-var", "tcp-check send-lf").
#pragma once

#include "live/health/check_evaluator.h"
#include "live/state.h"
#include "stream/evaluation.h"

namespace ddbproxy::stream {

/// Control thread.
class CheckEvaluation final : public live::CheckEvaluator {
 public:
  explicit CheckEvaluation(live::State& state);

  std::string text(const sample::LogFormat& format, const live::CheckMoment& moment) override;
  std::optional<int64_t> number(const sample::Expression& expression, const live::CheckMoment& moment) override;
  void run(const model::Rule& rule, const live::CheckMoment& moment) override;

 private:
  Evaluation evaluation_of(const live::CheckMoment& moment);

  live::State& state_;
  sample::Scratch scratch_;
};

}  // namespace ddbproxy::stream
