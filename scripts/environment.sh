# Sourced by run and test: the virtual environment in .venv, installed once and again when its list changes.

say() { printf '\033[36m== %s\033[0m\n' "$*"; }
fail() { printf '\033[31m%s\033[0m\n' "$*" >&2; exit 1; }

find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed: install it (Debian: apt-get install python3 python3-venv) and start again."
}

# Torch comes first and alone, so that pip does not fetch its CUDA build with the rest.
install_packages() {
  local index=()
  [ -n "${TORCH_INDEX_URL:-}" ] && index=(--index-url "$TORCH_INDEX_URL")
  say "Installing PyTorch (CPU), once"
  "$python" -m pip install --quiet --disable-pip-version-check "${index[@]}" "$(grep '^torch==' constraints.txt)"
  say "Installing the other packages, once: this takes some minutes"
  "$python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".$1"
}

prepare_environment() {
  local extras="${1:-}" stamp
  python=.venv/bin/python
  if [ ! -x "$python" ]; then
    say "Making the virtual environment in .venv"
    "$(find_python)" -m venv .venv || fail "The venv module is missing: apt-get install python3-venv, then start again."
  fi
  stamp="$(cat pyproject.toml constraints.txt | sha256sum | cut -c1-16)"
  if [ ! -e ".venv/installed-$stamp" ] || { [ -n "$extras" ] && [ ! -e ".venv/installed-$stamp-tests" ]; }; then
    install_packages "$extras" || fail "Installing failed. Check the connection to the package index, then start again."
    touch ".venv/installed-$stamp"
    if [ -n "$extras" ]; then touch ".venv/installed-$stamp-tests"; fi
  fi
  mkdir -p var
}
