/// The check of pull requests.
extension StarterProject {
  /// `.github/workflows/holdout.yml`: runs the specs of a pull request and compares them with the gates.
  static let workflow = """
    # Runs the specs of a pull request, and says in a comment whether the runs may be promoted.
    #
    # A pull request changes specs. What is code or decides what a run may do (holdout.yaml, data
    # scripts, the registry and its models) is taken from the branch it is for, and no step of the job
    # that runs has a secret or a token that can write.
    #
    # runs-on: self-hosted means that whoever may start this job works on your machine, near your data.
    # Pull requests from forks are left out below. Without that line a stranger's change would run there;
    # use a runner that is thrown away after each job, with data a stranger may see, before you allow it.
    name: holdout
    on: pull_request

    permissions:
      contents: read

    jobs:
      gate:
        if: github.event.pull_request.head.repo.full_name == github.repository
        # A machine that has holdout and git, and that may read the data.
        runs-on: self-hosted
        steps:
          - uses: actions/checkout@v4
            # `--against git:main:NAME` looks into main; the token is not left in the checkout.
            with: {fetch-depth: 0, persist-credentials: false}

          - name: Take code, settings, and the registry from the base branch
            env:
              BASE: ${{ github.event.pull_request.base.sha }}
            run: |
              for path in holdout.yaml data results models; do
                rm -rf "$path"
                git checkout --quiet "$BASE" -- "$path" 2>/dev/null || true
              done

          # The example's data; your own sources need no such step.
          - run: holdout sql data/make.sql

          - run: holdout check experiments/*.yaml --format github

          # --fresh: nothing that an earlier job has left in a cache counts.
          - run: holdout run --fresh experiments/*.yaml

          # Annotations, the step's summary and the page, in one call. Exit code 0: all pass;
          # 1: a run fails, or the data do not tell; 2: a run could not be judged.
          - run: holdout gate experiments/*.yaml --format github --markdown gate.md

          - uses: actions/upload-artifact@v4
            if: ${{ !cancelled() && hashFiles('gate.md') != '' }}
            with: {name: gate, path: gate.md}

      # Has a token that can write, and runs nothing of the pull request: it posts one file.
      comment:
        needs: gate
        if: ${{ !cancelled() && needs.gate.result != 'skipped' }}
        runs-on: ubuntu-latest
        permissions:
          pull-requests: write
        steps:
          - uses: actions/download-artifact@v4
            with: {name: gate}
          - name: Comment
            env:
              GH_TOKEN: ${{ github.token }}
              GH_REPO: ${{ github.repository }}
              NUMBER: ${{ github.event.number }}
            run: gh pr comment "$NUMBER" --body-file gate.md

    """
}
