# fish completion for tapestry. What there is to complete, the program's own --help tells.
function __tapestry_commands
    tapestry --help 2>/dev/null | sed -n '/^Subcommands:/,$ s/^  \([a-z][a-z-]*\)  *\(.*\)/\1\t\2/p'
end
function __tapestry_options
    set -l words (commandline -opc)
    tapestry $words[2] --help 2>/dev/null | grep -o -- '--[a-z][a-z0-9-]*' | sort -u
end
complete -c tapestry -n '__fish_is_nth_token 1' -f -a '(__tapestry_commands)'
complete -c tapestry -n 'string match -q -- "-*" (commandline -ct)' -a '(__tapestry_options)'
