/// The check of pull requests.
extension StarterProject {
  /// `.github/workflows/holdout.yml`: runs the specs of a pull request and holds them against gates.
  static let workflow = """
    # Runs the specs of a pull request, and says in a comment whether the runs may be promoted.
    name: holdout
    on: pull_request

    permissions:
      contents: read
      pull-requests: write

    jobs:
      gate:
        # A machine that has holdout, git and gh, and that may read the data.
        runs-on: self-hosted
        steps:
          - uses: actions/checkout@v4
            with: {fetch-depth: 0}          # `--against git:main:NAME` looks into main

          # The example's data; your own sources need no such step.
          - run: holdout sql data/make.sql

          - run: holdout check experiments/*.yaml --format github
          - run: holdout run experiments/*.yaml

          # Annotations, the step's summary and the comment, in one call. Exit code 0: all pass;
          # 1: a run fails, or the data do not tell; 2: a run could not be judged.
          - run: holdout gate experiments/*.yaml --format github --markdown gate.md

          - name: Comment
            if: ${{ !cancelled() && hashFiles('gate.md') != '' }}
            env:
              GH_TOKEN: ${{ github.token }}
              NUMBER: ${{ github.event.number }}
            run: gh pr comment "$NUMBER" --body-file gate.md

    """
}
