# Crucible: everything a user types. The build itself is CMake's (CMakePresets.json).

BUILD  := build
PRESET := release
CONFIG := configs/main.yaml
JOBS   := $(shell nproc)
SEED   := 20261126
EVERY  := 1

.DEFAULT_GOAL := help
.PHONY: help packages build build-all run test test-asan test-tsan bench data train synthesis test-gates test-differential test-drawn test-pcie bitstream program test-boards test-hil coverage regress regress-programs nightly formal mutation status spec lint format tidy clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

packages: ## Install missing Debian packages (root or sudo)
	@scripts/install_packages.sh

$(BUILD)/CMakeCache.txt: | packages
	cmake --preset $(PRESET)

build: packages $(BUILD)/CMakeCache.txt ## Build the two programs
	cmake --build $(BUILD) --parallel $(JOBS) --target crucible crucible-board

build-all: packages $(BUILD)/CMakeCache.txt
	cmake --build $(BUILD) --parallel $(JOBS)

run: build ## The main job: search the worst case, prove it on the emulated board
	$(BUILD)/bin/crucible run --config $(CONFIG)

test: build-all ## The whole test suite
	ctest --test-dir $(BUILD) --output-on-failure --parallel $(JOBS) --no-tests=error

test-asan: packages ## The C++ unit suites under AddressSanitizer and UndefinedBehaviorSanitizer
	cmake --preset sanitize
	cmake --build build-sanitize --parallel $(JOBS) --target tests-unit tests-unit-threads
	ctest --test-dir build-sanitize --output-on-failure --parallel $(JOBS) --no-tests=error -L unit

test-tsan: packages ## The threaded unit suites under ThreadSanitizer
	cmake --preset tsan
	cmake --build build-tsan --parallel $(JOBS) --target tests-unit-threads
	ctest --test-dir build-tsan --output-on-failure --parallel $(JOBS) --no-tests=error -L unit-threads

bench: build-all ## Every figure of docs/benchmarks.md
	scripts/bench.sh $(BUILD)

data: ## Download MNIST with checksums (needs a network)
	scripts/fetch_mnist.sh data/mnist

train: build ## Train the shipped networks again
	scripts/train_zoo.sh $(BUILD)

synthesis: packages ## LUT, FF, BRAM, DSP and depth of every configuration; against the budget
	@scripts/install_packages.sh scripts/packages-verify.txt
	/usr/bin/python3 -B scripts/synthesis.py --page

test-gates: packages ## The synthesised netlist of `tiny` under the suites of the RTL
	scripts/verify.sh gates test-gates "the netlist of tiny equals the model bit for bit and keeps the link protocol" $(JOBS)

test-differential: packages ## Verilator -O3, Verilator -O0 and CXXRTL in lockstep, every pin in every cycle
	@scripts/install_packages.sh scripts/packages-verify.txt
	scripts/verify.sh differential test-differential "three simulators show the same pins in every cycle" $(JOBS)

test-drawn: packages ## Configurations drawn at random (SEED=n): the equality and link suites
	scripts/verify.sh drawn test-drawn "drawn configurations equal the model bit for bit" $(JOBS) -DCRUCIBLE_DRAWN_SEED=$(SEED)

test-pcie: packages $(BUILD)/CMakeCache.txt ## The emulated card and VFIO under a stock Debian kernel in QEMU
	@scripts/install_packages.sh scripts/packages-pcie.txt
	cmake --build $(BUILD) --parallel $(JOBS) --target crucible crucible-board edu_vfio
	tests/pcie/prove.py $(BUILD)

bitstream: packages ## The bitstream of a board (BOARD=icebreaker): synthesised, placed, routed, packed; timing met
	@scripts/install_packages.sh scripts/packages-boards.txt
	scripts/board.py bitstream $(BOARD)

program: ## Write the bitstream to the board that is plugged in (BOARD=icebreaker)
	scripts/board.py program $(BOARD)

test-boards: packages ## Bitstreams turned back into Verilog, and mapped netlists, driven over their UART pins
	@scripts/install_packages.sh scripts/packages-verify.txt
	@scripts/install_packages.sh scripts/packages-boards.txt
	scripts/verify.sh boards test-boards "bitstreams answer over their UART pins as the model computes, a flipped look-up table is caught" $(JOBS)

test-hil: packages $(BUILD)/CMakeCache.txt ## The suites on an attached board: CRUCIBLE_BOARD_ADDRESS=uart:/dev/ttyUSB1?baud=3000000
	cmake --build $(BUILD) --parallel $(JOBS) --target tests-hil
	@test -n "$$CRUCIBLE_BOARD_ADDRESS" || echo "no board: CRUCIBLE_BOARD_ADDRESS is not set, every test is skipped"
	ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -L '^hil$$'

coverage: packages ## Cover points, lines and toggles of the RTL under the random suites; one HTML page
	scripts/coverage.sh $(JOBS)

regress: regress-programs ## The suite tests/suites/smoke.yaml: minutes, with a report of one page
	scripts/regress.sh $(BUILD) smoke regress $(JOBS)

nightly: regress-programs ## The suite tests/suites/nightly.yaml: hours; three million random products, own tiles, the long targets
	scripts/regress.sh $(BUILD) nightly nightly $(JOBS)

regress-programs: packages $(BUILD)/CMakeCache.txt
	cmake --build $(BUILD) --parallel $(JOBS) --target crucible crucible-board rtl_equivalence_test

formal: packages ## Prove properties of the RTL blocks: bounded, inductive, unbounded; planted faults caught
	tests/formal/prove.py --jobs $(JOBS) --out $(BUILD)/formal

mutation: packages $(BUILD)/CMakeCache.txt ## Mutants of the netlist of `tiny` under the RTL's suites; EVERY=n: each n-th, a sample
	cmake --build $(BUILD) --parallel $(JOBS) --target mutation_suite
	tests/mutation/campaign.py --every $(EVERY) --jobs $(JOBS) --out $(BUILD)/mutation --suite $(BUILD)/bin/mutation_suite

status: ## Write the README's table of verification from the last runs of the targets
	@scripts/status_table.py

spec: packages ## Regenerate everything that comes from spec/
	/usr/bin/python3 spec/generate.py

format: ## clang-format our sources in place
	@scripts/install_packages.sh scripts/packages-dev.txt
	git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | grep -v '/gen/' | xargs clang-format -i

lint: ## Fail on sources that clang-format would change
	@scripts/install_packages.sh scripts/packages-dev.txt
	git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | grep -v '/gen/' | xargs clang-format --dry-run -Werror

# The commands are g++'s: its own warning flags mean nothing to clang. verilated_tile.cpp is compiled beside a user's tile only.
tidy: build-all ## clang-tidy over our sources
	@scripts/install_packages.sh scripts/packages-dev.txt
	git ls-files '*.cpp' | grep -v /verilated_tile.cpp | xargs -P $(JOBS) -n 4 clang-tidy --quiet -p $(BUILD) --extra-arg=-Wno-unknown-warning-option

clean: ## Remove the build trees
	rm -rf build build-portable build-sanitize build-tsan build-verify build-coverage
