// AXI4-Lite slave: one word at a time to whatever holds registers. Reads and writes take turns when both wait.
module cim_axil_words #(
  parameter int unsigned AddrW = 16  // bits of a byte address, at most 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // AXI4-Lite, 32 bits of data. The protection bits do not matter and have no port.
  input  logic             s_axil_awvalid_i,
  output logic             s_axil_awready_o,
  input  logic [AddrW-1:0] s_axil_awaddr_i,
  input  logic             s_axil_wvalid_i,
  output logic             s_axil_wready_o,
  input  logic [31:0]      s_axil_wdata_i,
  input  logic [3:0]       s_axil_wstrb_i,
  output logic             s_axil_bvalid_o,
  input  logic             s_axil_bready_i,
  output logic [1:0]       s_axil_bresp_o,
  input  logic             s_axil_arvalid_i,
  output logic             s_axil_arready_o,
  input  logic [AddrW-1:0] s_axil_araddr_i,
  output logic             s_axil_rvalid_o,
  input  logic             s_axil_rready_i,
  output logic [31:0]      s_axil_rdata_o,
  output logic [1:0]       s_axil_rresp_o,
  // One access at a time, held until ack_i.
  output logic             req_o,
  output logic             we_o,
  output logic [AddrW-1:0] addr_o,      // aligned
  output logic [31:0]      wdata_o,
  input  logic             ack_i,       // with err_i and rdata_i, in the cycle of the request or later
  input  logic             err_i,
  input  logic [31:0]      rdata_i,
  output logic             illegal_o    // an access that is not a whole aligned word was refused
);
  localparam logic [1:0] Okay = 2'b00;
  localparam logic [1:0] SlaveError = 2'b10;

  // One address and one word may wait in each channel.
  logic aw_q, w_q, ar_q, last_write_q, held_q;
  logic [AddrW-1:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q;
  logic [3:0] wstrb_q;
  logic can_write, can_read, write, read, whole, ends;

  assign s_axil_awready_o = !aw_q;
  assign s_axil_wready_o = !w_q;
  assign s_axil_arready_o = !ar_q;

  // An access begins when its response has room. One that waits for its answer is not overtaken: last_write_q is its own then.
  assign can_write = aw_q && w_q && !s_axil_bvalid_o;
  assign can_read = ar_q && !s_axil_rvalid_o;
  assign write = can_write && (held_q ? last_write_q : !(can_read && last_write_q));
  assign read = can_read && !write;

  // A write without strobes is legal and writes nothing.
  assign whole = write ? awaddr_q[1:0] == '0 && wstrb_q == 4'hF : araddr_q[1:0] == '0;
  assign req_o = (write || read) && whole;
  assign we_o = write;
  assign addr_o = write ? awaddr_q : araddr_q;
  assign wdata_o = wdata_q;
  assign ends = req_o ? ack_i : write || read;
  assign illegal_o = (write && wstrb_q != '0 || read) && !whole;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_q <= 1'b0;
      w_q <= 1'b0;
      ar_q <= 1'b0;
      last_write_q <= 1'b0;
      held_q <= 1'b0;
      s_axil_bvalid_o <= 1'b0;
      s_axil_rvalid_o <= 1'b0;
    end else begin
      if (s_axil_awvalid_i && s_axil_awready_o) aw_q <= 1'b1;
      else if (write && ends) aw_q <= 1'b0;
      if (s_axil_wvalid_i && s_axil_wready_o) w_q <= 1'b1;
      else if (write && ends) w_q <= 1'b0;
      if (s_axil_arvalid_i && s_axil_arready_o) ar_q <= 1'b1;
      else if (read && ends) ar_q <= 1'b0;
      if (write || read) last_write_q <= write;
      held_q <= req_o && !ack_i;
      if (write && ends) s_axil_bvalid_o <= 1'b1;
      else if (s_axil_bready_i) s_axil_bvalid_o <= 1'b0;
      if (read && ends) s_axil_rvalid_o <= 1'b1;
      else if (s_axil_rready_i) s_axil_rvalid_o <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_axil_awready_o) awaddr_q <= s_axil_awaddr_i;
    if (s_axil_arready_o) araddr_q <= s_axil_araddr_i;
    if (s_axil_wready_o) begin
      wdata_q <= s_axil_wdata_i;
      wstrb_q <= s_axil_wstrb_i;
    end
    if (write && ends) s_axil_bresp_o <= (req_o ? err_i : wstrb_q != '0) ? SlaveError : Okay;
    if (read && ends) begin
      s_axil_rresp_o <= !req_o || err_i ? SlaveError : Okay;
      s_axil_rdata_o <= req_o && !err_i ? rdata_i : 32'hFFFF_FFFF;
    end
  end
endmodule
