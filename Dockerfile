# Builds Holdout from this checkout and runs the demo:
#
#   docker build -t holdout . && docker run --rm holdout
FROM swift:6.3-bookworm
WORKDIR /holdout
COPY . .
RUN scripts/setup && swift build -c release --product holdout
CMD ["scripts/run", "experiments/solidworks.yaml"]
