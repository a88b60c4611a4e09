# Shared by the benchmarks, which source it with `here` set to this folder.
#
# HOLDOUT names the program under test (.build/release/holdout), PYTHON a Python with requirements.txt
# (.native/benchmark-python, created if missing), THREADS the number of threads per program (default: all cores).
# QUIET=no does not wait for a quiet machine. Needs cc and GNU time.

root=$(cd "$here/.." && pwd)
holdout=$(realpath "${HOLDOUT:-$root/.build/release/holdout}")
export HOLDOUT_DUCKDB=${HOLDOUT_DUCKDB:-$root/.native/lib/libduckdb.so}
export HOLDOUT_LIGHTGBM=${HOLDOUT_LIGHTGBM:-$root/.native/lib/lib_lightgbm.so}
# The same as holdout sets itself: waiting threads give up their cores. This is faster for every program.
export OMP_WAIT_POLICY=passive
threads=${THREADS:-$(nproc)}

# Sets `python`, and creates its venv if packages are missing.
benchmark_python() {
  # A venv's interpreter is a link that must not be resolved.
  python=${PYTHON:-$root/.native/benchmark-python/bin/python}
  python=$(cd "$(dirname "$python")" 2>/dev/null && pwd || dirname "$python")/$(basename "$python")
  if [ -z "${PYTHON:-}" ] && ! "$python" -c "import duckdb, lightgbm, numpy, pyarrow, sklearn" 2>/dev/null; then
    echo "making $root/.native/benchmark-python" >&2
    python3 -m venv --clear "$root/.native/benchmark-python"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  fi
  export PYTHONDONTWRITEBYTECODE=1
}

# Makes the demo data of ACCOUNTS once for all benchmarks; sets `data`. With a BASE_RATE (default: 0.0075), also the truth.
demo_data() {
  local stamp base_rate=${2:-0.0075} scripts=("$root"/experiments/data/netsuite/0[1-6]_*.sql)
  data=$root/.build/benchmarks/data/$1
  if [ $# -gt 1 ]; then
    data+=-$2
    scripts=("$root"/experiments/data/netsuite/*.sql)
  fi
  # The stamp is written last, so data that a killed call left incomplete are made again.
  stamp="accounts=$1 base_rate=$base_rate $(cat "${scripts[@]}" | sha256sum | cut -c1-16)"
  if [ "$(cat "$data/.made" 2>/dev/null)" != "$stamp" ]; then
    echo "making $1 accounts in $data" >&2
    rm -rf "$data"
    mkdir -p "$data/netsuite"
    "$holdout" sql "${scripts[@]}" \
      --set "accounts=$1" --set seed=42 --set "base_rate=$base_rate" --set "out=$data/netsuite" 2>/dev/null
    echo "$stamp" >"$data/.made"
  fi
}

# Makes FOLDER a separate project on the data, so that the repository's results do not change.
project() {
  rm -rf "$1"
  mkdir -p "$1/experiments"
  cp -r "$root"/experiments/{bases,solidworks.yaml} "$1/experiments/"
  cp "$root/holdout.yaml" "$1/"
  ln -s "$data" "$1/data"
}

# Removes what a run leaves behind, so that the next one starts cold.
cold() { rm -rf results .holdout; }

# Writes the spec of the published size: the honest question with the 26 features, the 30 cutoffs and the learner of the
# published flow. (That flow itself has no positive train row at 30 cutoffs, because all buyers are customers today.)
published_spec() {
  cat >experiments/published_size.yaml <<'YAML'
version: 1
name: published_size
extends: solidworks.yaml
features: [account, cross_division, profile, pipeline, territory, -feat_strategic_account, -label.event]
score: null
model:
  class_weight: balanced
  params: {num_iterations: 400, num_leaves: 31, learning_rate: 0.05, feature_fraction: 0.8}
YAML
}

# Waits, at most five minutes, until other processes are idle for two seconds.
quiet() {
  local _ busy idle busy_now idle_now
  for _ in $(seq 150); do
    read -r busy idle < <(awk '/^cpu / {print $2 + $3 + $4, $5}' /proc/stat)
    sleep 2
    read -r busy_now idle_now < <(awk '/^cpu / {print $2 + $3 + $4, $5}' /proc/stat)
    if (((busy_now - busy) * 10 < idle_now - idle)); then return; fi
  done
}

# Measures NAME COMMAND...: a line of seconds, kilobytes, user and system seconds in NAME.times. The shell that
# starts the command is small, so the measured memory is the command's.
measure() {
  local name=$1
  shift
  if [ "${QUIET:-yes}" = yes ]; then quiet; fi
  /usr/bin/time -a -o "$work/$name.times" -f "%e %M %U %S" "$@" >"$work/$name.out" 2>"$work/$name.err" \
    || { tail -n 20 "$work/$name.err" "$work/$name.out" >&2; exit 2; }
}

# The folder for measurements; earlier ones are removed.
rounds_folder() {
  work=$root/.build/benchmarks/$1
  mkdir -p "$work"
  rm -f "$work"/*.{times,stages,out,err} "$work/results.json"
}

machine() {
  machine="$(uname -sm), $(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)"
  echo "machine:  $machine, $threads threads"
  "$python" -c 'import sys, duckdb, lightgbm, numpy, pyarrow, sklearn
print(f"versions: Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, LightGBM {lightgbm.__version__}, "
  f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, pyarrow {pyarrow.__version__}")'
  echo "holdout:  $("$holdout" --version), program $(sha256sum "$holdout" | cut -c1-12)"
}

load() { echo "load:     $(cut -d ' ' -f 1-3 /proc/loadavg)"; }

# Appends the stages of all runs in ./results to NAME.stages.
stages_of_runs() { "$python" "$here/rounds.py" runs results >>"$work/$1.stages"; }
