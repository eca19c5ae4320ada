// One job register: its value, and the staged value of a check pass, of which no more is kept than legality needs.
module cim_job_field #(
  parameter int unsigned Width = 8   // bits of the largest legal value, 1 .. 16
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             begin_i,     // the staged value becomes the real one
  input  logic             stage_we_i,
  input  logic             we_i,
  input  logic [15:0]      wdata_i,
  output logic [15:0]      value_o,
  output logic [Width-1:0] staged_o,
  output logic             over_o       // staged: a bit above staged_o is set
);
  logic [15:0] value_q;
  logic [Width-1:0] staged_q;
  logic over_q;
  logic [15:0] next;   // to be staged

  assign next = begin_i ? value_q : wdata_i;
  assign value_o = value_q;
  assign staged_o = staged_q;
  assign over_o = over_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) value_q <= '0;
    else if (we_i) value_q <= wdata_i;
  end

  always_ff @(posedge clk_i) begin
    if (begin_i || stage_we_i) begin
      staged_q <= Width'(next);
      over_q <= (next >> Width) != '0;
    end
  end
endmodule
