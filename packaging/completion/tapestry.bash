# bash completion for tapestry. What there is to complete, the program's own --help tells.
_tapestry() {
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local words=() word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word == -* ]]; then break; fi
    words+=("$word")
  done
  local help
  help=$("${COMP_WORDS[0]}" ${words[0]+"${words[0]}"} --help 2>/dev/null) || return 0
  local choices=''
  if ((${#words[@]} == 0)) || [[ $help == *$'\nSubcommands:'* && ${#words[@]} -lt 2 ]]; then
    choices=$(sed -n '/^Subcommands:/,$ s/^  \([a-z][a-z-]*\) .*/\1/p' <<<"$help")
  fi
  if [[ $cur == -* || -z $choices ]]; then
    choices+=" $(grep -o -- '--[a-z][a-z0-9-]*' <<<"$help" | sort -u)"
  fi
  COMPREPLY=()
  case $previous in
    --out | --media) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    --config | --ca) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    *)
      mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
      if ((${#words[@]} > 0)) && [[ $cur != -* ]]; then
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
      fi
      ;;
  esac
}
complete -o filenames -F _tapestry tapestry
