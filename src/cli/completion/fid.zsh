#compdef fid
# SPDX-License-Identifier: MIT
# Completion of fid's words in zsh: the program is asked what the word may become.

_fid() {
  local -a typed lines ended open ended_help open_help
  local line candidate shown
  typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  lines=("${(@f)$(fid completion -- "${typed[@]}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    [[ -n $line ]] || continue
    candidate=${line%%$'\t'*}
    if [[ -z $candidate ]]; then
      # The words behind -- are another program's.
      integer at=${line##*$'\t'}+1
      words=("${(@)words[at+1,-1]}")
      (( CURRENT -= at ))
      _normal
      return
    fi
    shown=$candidate
    [[ -n ${line#*$'\t'} ]] && shown+="  -- ${line#*$'\t'}"
    if [[ $candidate == *[=:/,] ]]; then
      open+=("$candidate") open_help+=("$shown")
    else
      ended+=("$candidate") ended_help+=("$shown")
    fi
  done
  local result=1
  (( $#ended )) && compadd -l -V fid -d ended_help -a ended && result=0
  (( $#open )) && compadd -l -V fid -S '' -d open_help -a open && result=0
  return result
}

# Read by compinit as the function's body, or by `source` once.
if [[ $funcstack[1] == _fid ]]; then
  _fid "$@"
else
  compdef _fid fid
fi
