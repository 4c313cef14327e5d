// The numbers that the stats page, `show stat` and the exporter show, each with one clear writer.
#pragma once

#include "base/rate.h"
#include "base/sharded.h"

namespace ddbproxy::live {

/// Counted by the thread that sees the event; the names are the CSV columns'.
struct FrontendCounters {
  base::Counter conn_tot, stot, bin, bout, dreq, dresp, ereq, dcon, dses, req_tot, intercepted, cli_abrt, srv_abrt;
  base::Counter hrsp_1xx, hrsp_2xx, hrsp_3xx, hrsp_4xx, hrsp_5xx, hrsp_other;
  base::Counter h1_opened, h1_closed, h1_streams, h1_streams_ended, h1_bytes_in, h1_bytes_out;  ///< HTTP/1 on the wire
};
struct BackendCounters {
  base::Counter stot, lbtot, bin, bout, dreq, dresp, econ, eresp, wretr, wredis, cli_abrt, srv_abrt, connect, req_tot,
      intercepted;
  base::Counter hrsp_1xx, hrsp_2xx, hrsp_3xx, hrsp_4xx, hrsp_5xx, hrsp_other;
};
using ServerCounters = BackendCounters;
/// Of one listening socket, with `option socket-stats`.
struct ListenerCounters {
  base::Counter stot, bin, bout, dreq, dresp, ereq, dcon, dses;
  base::Maximum sessions_max;  ///< Seen by this thread; the largest of all threads' is the socket's.
};

/// Moving averages and maxima of the last sessions' durations, in ms (qtime, ctime, rtime, ttime). Any thread.
class TimeStats {
 public:
  /// Called at the end of a session that reached a server; t_connect and the others -1 when not reached.
  void add(int64_t t_queue, int64_t t_connect, int64_t t_response, int64_t t_total);
  struct Values {
    uint32_t qtime = 0, ctime = 0, rtime = 0, ttime = 0;
    uint32_t qtime_max = 0, ctime_max = 0, rtime_max = 0, ttime_max = 0;
  };
  Values get() const;
  void clear_maxima();
  void clear();

 private:
  struct One {
    std::atomic<uint64_t> sum{0};  // of the last samples, at most 512; each new one displaces an average one
    base::Maximum max;
  };
  One queue_, connect_, response_, total_;
  std::atomic<uint64_t> count_{0};
};

}  // namespace ddbproxy::live
