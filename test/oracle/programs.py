"""The two programs that are compared."""
import os

DDBPROXY = os.path.abspath(os.environ.get("PROXY_PROGRAM", "build/ddbproxy"))
HAPROXY = os.environ.get("HAPROXY_ORACLE", "/usr/sbin/haproxy")
