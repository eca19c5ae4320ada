#!/usr/bin/python3
"""The prover on a small design with a memory and a counter: what differs is never proved equal, however late or hidden;
what cannot differ is. Around it a user that keeps a contract: what only a breach of it shows is proved, nothing else."""
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = """
module cim_ram_be (input clk_i, we_i, re_i, input [1:0] waddr_i, raddr_i, input [3:0] wdata_i, output reg [3:0] rdata_o);
  (* no_rw_check *) reg [3:0] mem [4];
  always @(posedge clk_i) begin
    if (re_i) rdata_o <= mem[raddr_i];
    if (we_i) mem[waddr_i] <= wdata_i;
  end
endmodule

module late (input clk_i, rst_ni, go_i, output reg [7:0] count_o, output full_o);
  always @(posedge clk_i) begin
    if (!rst_ni) count_o <= 0;
    else if (go_i && count_o != 200) count_o <= count_o + 1;
  end
  assign full_o = count_o == 200;
endmodule

module steps (input clk_i, rst_ni, go_i, input [2:0] step_i, output reg [7:0] total_o);
  always @(posedge clk_i) begin
    if (!rst_ni) total_o <= 0;
    else if (go_i) total_o <= total_o + (step_i > 5 ? 3'd0 : step_i);
  end
endmodule

module top (input clk_i, rst_ni, go_i, we_i, re_i, input [1:0] addr_i, input [3:0] data_i, input [2:0] step_i,
            output full_o, output [3:0] data_o, output [7:0] total_o, output valid_o);
  wire [7:0] count;
  wire above;
  late u_late (.clk_i(clk_i), .rst_ni(rst_ni), .go_i(go_i), .count_o(count), .full_o(full_o));
  assign above = count > 200;
  wire [1:0] raddr;
  assign raddr = re_i ? addr_i : 2'd0;
  wire [3:0] read;
  cim_ram_be u_ram (.clk_i(clk_i), .we_i(we_i), .re_i(re_i), .waddr_i(addr_i), .raddr_i(raddr), .wdata_i(data_i),
                    .rdata_o(read));
  assign data_o = above ? 4'd0 : read;
  steps u_steps (.clk_i(clk_i), .rst_ni(rst_ni), .go_i(go_i), .step_i(step_i), .total_o(total_o));
  reg valid_q;
  always @(posedge clk_i) valid_q <= rst_ni && re_i;
  assign valid_o = valid_q;
endmodule

// Steps are 1 .. 5, and what is read is looked at when it is there.
module top_in_use (input [15:0] mutsel, input clk_i, rst_ni, go_i, we_i, re_i, input [1:0] addr_i, input [3:0] data_i,
                   input [2:0] step_i, other_i, output full_o, output [3:0] data_o, output [7:0] total_o, output valid_o);
  wire legal = step_i != 0 && step_i <= 5;
  wire [3:0] data;
  top u_top (.clk_i(clk_i), .rst_ni(rst_ni), .go_i(go_i && legal), .we_i(we_i), .re_i(re_i), .addr_i(addr_i), .data_i(data_i),
             .step_i(go_i && legal || mutsel != 16'hffff ? step_i : other_i), .full_o(full_o), .data_o(data),
             .total_o(total_o), .valid_o(valid_o));
  assign data_o = valid_o ? data : 0;
endmodule
"""
# What is planted: module, cell or port by its pattern, bit; whether it cannot be told at the ports of `top`, and of its user.
CASES = {
    "a counter's bit that is set late": ("late", "t:$add", "Y", 7, "const0", False, False),
    "the value at which it stops": ("late", "t:$eq", "B", 3, "inv", False, False),
    "a carry that never comes": ("top", "t:$gt", "Y", 0, "const0", True, True),
    "the choice above that": ("top", "t:$gt", "Y", 0, "const1", False, False),
    "a written bit": ("cim_ram_be", "t:$mem_v2", "WR_DATA", 2, "inv", False, False),
    "a write's address": ("cim_ram_be", "t:$mem_v2", "WR_ADDR", 1, "const1", False, False),
    "a write's address when nothing is written": ("cim_ram_be", "t:$mux r:WIDTH=2 %i", "A", 1, "inv", True, True),
    "a read's address": ("cim_ram_be", "t:$mem_v2", "RD_ADDR", 0, "const0", False, False),
    "an address when nothing is read": ("top", "t:$mux r:WIDTH=2 %i", "A", 1, "inv", True, True),
    "the word that is held": ("cim_ram_be", "t:$dff", "D", 0, "const1", False, False),
    "the word when none was asked for": ("cim_ram_be", "w:rdata_o %co1 t:$mux %i", "A", 0, "inv", False, True),
    "a step that is never made": ("steps", "t:$gt", "Y", 0, "const0", False, True),
    "the steps that are": ("steps", "t:$gt", "Y", 0, "const1", False, False),
}


class Prover(unittest.TestCase):
    def setUp(self):
        sys.path.insert(0, str(ROOT / "tests/mutation"))
        self.equivalence = importlib.import_module("equivalence")
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = pathlib.Path(self.folder.name)
        (self.out / "design.sv").write_text(SOURCE)

    def yosys(self, script):
        return subprocess.run(["yosys", "-q", "-p", script], check=True, capture_output=True, text=True).stdout

    def test_proves_what_cannot_be_told_and_nothing_else(self):
        base = self.out / "base.il"
        self.yosys(f"read_verilog -sv {self.out}/design.sv; hierarchy -top top_in_use; prep -top top_in_use -nordff; "
                   f"write_rtlil {base}; write_json {base.with_suffix('.json')}")
        commands = []
        for number, (module, pattern, port, bit, mode, *_) in enumerate(CASES.values(), 1):
            found = self.out / "found"
            self.yosys(f"read_rtlil {base}; cd {module}; tee -q -o {found} select -list {pattern}")
            cell = [line.split("/", 1)[-1] for line in found.read_text().split()]
            self.assertEqual(len(cell), 1, f"{module} {pattern}: {cell}")
            commands.append(f"mutate -ctrl mutsel 16 {number} -mode {mode} -module {module} "
                            f"-cell {cell[0]} -port {port} -portbit {bit}")
        for top, expected in (("top", -2), ("top_in_use", -1)):
            scope = self.equivalence.Scope(base, commands, top, self.out / "scopes")
            for number, (what, case) in enumerate(CASES.items(), 1):
                with self.subTest(what, top=top):
                    self.assertEqual(scope.prove(number, 20) is not None, case[expected])
            if top == "top_in_use":
                self.assertIsNotNone(scope.prove(65535, 20), "what is not looked at shows")


if __name__ == "__main__":
    if not all(map(shutil.which, ("yosys", "yosys-abc", "cadical"))):
        sys.exit(77)
    unittest.main()
