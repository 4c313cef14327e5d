// Goes over the streams of all workers.
#include "stream/census.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <unordered_set>

#include "base/guarded.h"
#include "base/memory.h"
#include "stream/workers.h"

namespace ddbproxy::stream {
namespace {

/// Has `ask(worker)` called on each worker's thread, and `done(sum)` on `reply_on` once all answers have been taken
/// into a Sum by `add(sum, answer)`.
template <class Sum, class Ask, class Add, class Done>
void ask_each(Workers& workers, net::Loop& reply_on, Ask ask, Add add, Done done) {
  struct Question {
    Ask ask;
    Add add;
    Done done;
    std::atomic<size_t> left;
    base::Guarded<Sum> sum{};
  };
  auto question =
      std::shared_ptr<Question>(new Question{std::move(ask), std::move(add), std::move(done), workers.size()});
  workers.on_each([question, &reply_on](Worker& worker) {
    auto answer = question->ask(worker);
    question->sum.with([&](Sum& sum) { question->add(sum, std::move(answer)); });
    if (--question->left) return;
    reply_on.post([question] { question->done(question->sum.with([](Sum& sum) { return std::move(sum); })); });
  });
}

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

void Census::kill_where(std::function<bool(const Stream&)> matches, Kill why) {
  workers_.on_each([matches = std::move(matches), why](Worker& worker) {
    worker.for_each([&](Stream& stream) {
      if (matches(stream)) stream.kill(why);
    });
  });
}

void Census::kill(uint64_t id, Kill why, net::Loop& reply_on, std::function<void(bool)> done) {
  const auto end_it = [id, why](Worker& worker) {
    bool found = false;
    worker.for_each([&](Stream& stream) {
      if (stream.id() != id) return;
      stream.kill(why);
      found = true;
    });
    return found;
  };
  ask_each<bool>(
      workers_, reply_on, end_it, [](bool& any, bool found) { any |= found; }, std::move(done));
}

void Census::describe_all(std::function<bool(const Stream&)> wanted, net::Loop& reply_on,
                          std::function<void(std::vector<StreamDescription>)> done) {
  using Descriptions = std::vector<StreamDescription>;
  const auto describe = [wanted = std::move(wanted)](Worker& worker) {
    Descriptions mine;
    // Without memory the list is not whole; but who asked for it must not wait for ever.
    base::within_memory([&] {
      worker.for_each([&](Stream& stream) {
        if (!wanted || wanted(stream)) mine.push_back(stream.describe());
      });
    });
    return mine;
  };
  ask_each<Descriptions>(workers_, reply_on, describe, append<StreamDescription>, std::move(done));
}

void Census::measure_traffic(net::Loop& reply_on, std::function<void(const live::Traffic&)> done) {
  const auto measure = [](Worker& worker) {
    live::Traffic mine;
    worker.for_each([&](const Stream& stream) { stream.add_uncounted(mine); });
    return mine;
  };
  const auto add = [](live::Traffic& all, const live::Traffic& mine) { all.add(mine); };
  ask_each<live::Traffic>(workers_, reply_on, measure, add, std::move(done));
}

void Census::find_mentions(live::Hooks::Mentions asked, net::Loop& reply_on,
                           std::function<void(const live::Hooks::Mentions& mentioned)> done) {
  using Mentions = live::Hooks::Mentions;
  std::sort(asked.begin(), asked.end());
  const auto find = [asked = std::move(asked)](Worker& worker) {
    std::unordered_set<const live::Mentioned*> mine;
    const auto note = [&](const live::Mentioned* one) {
      if (one && std::binary_search(asked.begin(), asked.end(), one)) mine.insert(one);
    };
    worker.for_each_in_memory([&](Stream& stream) {
      note(stream.mentioned_server());
      if (stream.config()) note(&stream.config()->generation);
    });
    return Mentions(mine.begin(), mine.end());
  };
  ask_each<Mentions>(workers_, reply_on, find, append<const live::Mentioned*>, std::move(done));
}

}  // namespace ddbproxy::stream
