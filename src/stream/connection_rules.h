// The rules on connections and sessions, before there is a stream (manual 4.2 "tcp-request connection", "... session").
#pragma once

#include "stream/rules.h"
#include "stream/worker.h"

namespace ddbproxy::stream {

/// On a connection that has just been accepted. Neither `reject` nor `drop` leaves more to do than to close it: they
/// are counted here.
Decision run_connection_rules(Worker& worker, Guest& guest);
/// On a session whose PROXY header, if there is one, has come.
Decision run_session_rules(Worker& worker, Guest& guest);

}  // namespace ddbproxy::stream
