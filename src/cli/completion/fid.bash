# SPDX-License-Identifier: MIT
# Completion of fid's words in bash: the program is asked what the word may become.

_fid() {
  # bash has cut the words at : and = as well. Those that touch each other are one.
  local line=${COMP_LINE:0:COMP_POINT} part apart=yes words=()
  for part in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    [[ $line == [[:blank:]]* ]] && apart=yes
    line=${line#"${line%%[![:blank:]]*}"}
    [[ $line == "$part"* ]] || part=$line
    if [[ $apart ]]; then words+=("$part"); else words[-1]+=$part; fi
    apart=
    line=${line#"$part"}
  done

  # The quotes come off, which the program is not to see.
  local quote='' i word plain typed=${words[-1]}
  case $typed in [\'\"]*) quote=${typed:0:1} ;; esac
  for i in "${!words[@]}"; do
    word=${words[i]}
    case $word in
      \'* | \"*) word=${word:1} word=${word%"${words[i]:0:1}"} ;;
      *)
        plain=''
        while [[ $word == *\\?* ]]; do
          plain+=${word%%\\*} word=${word#*\\}
          plain+=${word:0:1} word=${word:1}
        done
        word=$plain$word
        ;;
    esac
    words[i]=$word
  done
  typed=${words[-1]}

  # Outside quotes readline replaces only what is behind the last of the characters it cuts at.
  local kept=''
  [[ $quote ]] || kept=${typed%"${typed##*["$COMP_WORDBREAKS"]}"}

  local candidate rest
  while IFS= read -r candidate; do
    if [[ $candidate == $'\t'command$'\t'* ]]; then
      declare -F _command_offset >/dev/null && _fid_command
      return
    fi
    candidate=${candidate%%$'\t'*}
    [[ $candidate == *[=:/,] ]] && compopt -o nospace
    rest=${candidate#"$kept"}
    if [[ ! $quote ]]; then
      printf -v rest %q "$rest"
      rest=${rest//\\,/,}
    fi
    [[ $rest ]] && COMPREPLY+=("$rest")
  done < <(fid completion -- "${words[@]:1}" 2>/dev/null)
}

# The words behind -- are another program's: what bash-completion knows of that completes them.
_fid_command() {
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -- ]] && break
  done
  _command_offset $((i + 1))
}

complete -o nosort -F _fid fid
