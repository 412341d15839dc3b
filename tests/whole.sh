# whole NAME VALUE LEAST: ends the script unless the value of an argument is a whole number that is not less.
whole() {
  if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ "$2" -lt "$3" ]; then
    echo "$1 \"$2\" is not understood. Remedy: write a whole number of at least $3 after $1."
    exit 2
  fi
}
