# bash completion for ddbproxy
_ddbproxy() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  case $before in
    -f | -p | -S) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    -C) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    -sf | -st) mapfile -t COMPREPLY < <(compgen -W "$(pgrep -d ' ' -x 'ddbproxy|haproxy')" -- "$word"); return ;;
    -L | -n | -N | -m | -cc) return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "-f -C -L -n -N -m -c --json --portable --explain --no-explain -cc -dW -dD -dr -dK -dL
    -D -db -d -p -W -Ws -S -sf -st -x -dS -dR -de -dp -dV -dG -dM -q -V -v -vv --help" -- "$word")
}
complete -o filenames -F _ddbproxy ddbproxy
