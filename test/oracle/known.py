"""Where ddbproxy and haproxy 2.6 differ on purpose, and what of their output can never be equal: the only list of it."""
import re

# What differs from run to run, or names the program itself; each is replaced before two texts are compared.
MASKS = [
    (r"\((\d+)\) : ", "(PID) : "),
    (r"haproxy version is \S+( \(ddbproxy \S+\))?", "haproxy version is V"),
    (r"path to executable is \S+", "path to executable is P"),
    (r"\[\S+\.main\(\)\]", "[P.main()]"),
    (r"check duration: \d+ms", "check duration: Nms"),
    # What ddbproxy says behind the sentence, in brackets: the column, and what may help.
    (r"(?m) \([^()\n]*\bcolumn \d+[^()\n]*\)$", ""),
    (r"(?m) \(held by process \d+[^()\n]*\)$", ""),
]

REFUSAL = "not supported by ddbproxy yet"
# What ddbproxy says in addition: that it lacks a word, and what haproxy makes of a word that is no number.
ADDED = REFUSAL + "|; haproxy reads '|has no effect in ddbproxy"

# Command lines whose status is compared but not their text, with the reason.
OTHER_TEXT = {
    "-vv": "describes how the program was built",
    "-dMhelp": "lists what the memory allocator can do",
    "-dKhelp": "lists the classes of keywords that the program has",
    "-dL": "lists the shared objects that the program loads",
    "-dKcfg": "lists the keywords that the program has",
}

# Of a server that was added at run time and waits in maintenance haproxy shows the weight 1, whatever it was given;
# ddbproxy shows the one that it will have. And one that is added with `enabled` serves at once, where haproxy shows it as
# up and sends it nobody.
ADDED_WEIGHT = (r"(?m)(,MAINT[^,]*),\d+,", r"\1,WEIGHT,")

# Without -f ddbproxy reads this file, as the DolphinDB tutorial promises, where haproxy shows its usage.
DEFAULT_CONFIGURATION = "/etc/haproxy/haproxy.cfg"

# Columns of show stat that measure time, or count from the start of the process.
TIMED_COLUMNS = {"rate", "rate_max", "lastchg", "downtime", "lastsess", "qtime", "ctime", "rtime", "ttime", "qtime_max",
                 "ctime_max", "rtime_max", "ttime_max", "check_duration", "conn_rate", "conn_rate_max", "req_rate",
                 "req_rate_max", "smax", "qmax", "addr"}

# The statistics page is another page with the same figures: its bytes differ, and so does who ends its connections.
PAGE_COLUMNS = {"bin", "bout", "cli_abrt"}

# Fields of show info that are of the process and its moment: who it is, when it was asked (each question is itself a
# connection, a request and bytes sent, and the test asks until the counts have settled), and how its memory is organised.
PROCESS_FIGURES = {"Version", "Build info", "Pid", "Uptime", "Uptime_sec", "Start_time_sec", "Tasks", "Run_queue",
                   "PoolAlloc_MB", "PoolUsed_MB", "PoolAlloc_bytes", "PoolUsed_bytes", "Idle_pct", "CumConns", "CumReq",
                   "TotalBytesOut", "BytesOutRate", "ConnRate", "MaxConnRate", "SessRate", "MaxSessRate", "Jobs",
                   "Reloads", "Last_reload_sec"}  # the last two are ddbproxy's own

# Columns whose figure is the machine's, not the configuration's.
MACHINE_COLUMNS = {"slim"}

# Per-protocol counters behind the column "-": they belong to haproxy's internal modules.
LAST_COMMON_COLUMN = "-"


def mask(text):
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    return text


def is_usage(text):
    return text.startswith("Usage : ")


def mask_usage(text):
    """The usage text lists the flags of the program; that it is the usage text is what counts."""
    return "Usage : ..." if is_usage(text) else text


def mask_version(text):
    """The first words are compatible, what follows names the program."""
    lines = text.splitlines()
    return "HAProxy version 2.6..." if lines and lines[0].startswith("HAProxy version 2.6") else text


def mask_log_line(line):
    """Log line without process id, ports, dates and times; what is left is equal when the programs agree."""
    line = re.sub(r"^(<\d+>).*? (\S+)\[\d+\]: ", r"\1\2: ", line)
    line = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line)
    line = re.sub(r"\[\d+/\w+/\d+:[\d:.]+\]", "[DATE]", line)
    # The process-wide count of connections: another worker may have taken a place for a client that is not there.
    line = re.sub(r" \d+(/\d+/\d+/\d+/\+?\d+ \d+/\d+)$", r" N\1", line)
    line = re.sub(r" (-?)\d+/(-?)\d+/(\+?)\d+ (?=\+?\d+ \S\S )", r" \1T/\2T/\3T ", line)
    line = re.sub(r"(/<STATS> \S+) \d+ ", r"\1 BYTES ", line)
    # A client that leaves while its server is being connected to: either event may be seen first, by both programs.
    line = line.replace(" T/-T/T 0 CC ", " T/T/T 0 -- ")
    return mask(line)
