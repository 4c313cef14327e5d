// Reads the configuration anew while everything runs, and brings the process up to date with it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <ddbproxy/parse.h>

#include "app/options.h"
#include "app/provision.h"
#include "base/clock.h"
#include "base/result.h"
#include "live/update.h"
#include "net/loop.h"

namespace ddbproxy::app {

/// Lives on the control thread; files are read and names are asked for on a thread of its own, so that nobody waits for
/// them. One reload goes on at a time: who asks meanwhile gets the answer of the next one, which is for all of them.
class Reload {
 public:
  /// What the process does for it.
  struct Steps {
    /// Opens what the generation listens on, beside what listens now. Why not, in haproxy's words; then it is as if
    /// nothing had been opened.
    /// `provision`: what others have opened for it; null: nothing.
    std::function<std::vector<std::string>(live::Generation& next, Provision* provision)> open;
    /// Cannot fail.
    std::function<std::vector<live::ServerChanges>(std::shared_ptr<live::Generation> next)> carry_out;
  };
  /// `text`: lines for who asked, each with its newline.
  struct Outcome {
    bool done = false;
    std::string text;
  };
  using Done = std::function<void(const Outcome& outcome)>;

  Reload(live::State& state, const Options& options, net::Loop& control, Steps steps);
  ~Reload();

  /// Makes the thread now, and not at the first reload: for a process that may make none later. Throws when it cannot.
  void make_reader();

  /// `done` is called on the control thread. `only_check`: says what would change.
  void ask(bool only_check, Done done);
  /// The same with what others have read; nothing else is read then.
  void ask(std::shared_ptr<Provision> provision, Done done);
  /// Files are not read by this process: `ask` brings a provision here, sometime. Who asked meanwhile is answered with
  /// that one.
  void leave_to(std::function<void(bool only_check)> ask) { others_ = std::move(ask); }
  /// This process stops: who waits for a provision, which will not come any more, is told so.
  void stop();

 private:
  struct Request {
    bool only_check = false;
    Done done;
    std::shared_ptr<Provision> provision = {};
  };
  /// What the thread found.
  struct Reading {
    std::string unreadable;  ///< Why the files cannot be read; empty: they were.
    ParseResult parsed;
  };

  void begin();
  void begin_reading();
  /// `running`: what is in force.
  Reading read(std::shared_ptr<const model::Model> running) const;
  void finish(Reading reading);
  Outcome judge(const Reading& reading) const;
  Outcome carry_out(const Reading& reading);
  std::string took() const;

  live::State& state_;
  const Options& options_;
  net::Loop& control_;
  Steps steps_;
  std::vector<Request> waiting_, served_;
  std::shared_ptr<Provision> provision_;  // of those that are served
  std::function<void(bool only_check)> others_;
  /// Made at the first reload, or before.
  struct Reader {
    net::Loop loop;
    std::thread thread;
  };
  std::unique_ptr<Reader> reader_;
  base::Instant began_{};
};

}  // namespace ddbproxy::app
