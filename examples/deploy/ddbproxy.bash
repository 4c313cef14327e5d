# bash completion for ddbproxy
_ddbproxy() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  case $before in
    -f | -p | -x) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    -C) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    -sf | -st) mapfile -t COMPREPLY < <(compgen -W "$(pgrep -d ' ' -x 'ddbproxy|haproxy')" -- "$word"); return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "-f -c -q -V -v -vv -d -db -D -p -C -n -N -m -L -cc -sf -st -dM -dK -dS -dR -dW -dD -dr -dL
    -de -dp --json --explain --no-explain --help" -- "$word")
}
complete -o filenames -F _ddbproxy ddbproxy
