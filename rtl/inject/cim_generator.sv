// Makes a chip from a seed: offsets with write-verify, and stuck cells (docs/numerics.md, "Chips made from a seed").
// It is a master of the tile's memory windows, one request at a time, and borrows the random numbers of the noise.
module cim_generator #(
  parameter int unsigned Cells = 64,   // rows of all banks
  parameter int unsigned Cols = 4
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [1:0]   start_i,        // offsets, stuck; only while not busy
  output logic         busy_o,
  // Settings, constant while busy.
  input  logic [63:0]  sigma_i,        // u8.8 of levels 3, 2, 1, 0, offset LSB
  input  logic [1:0]   kind_i,         // 0 Gaussian, 1 truncated, 2 right-censored
  input  logic [11:0]  limit_i,        // u4.8 standard deviations
  input  logic [15:0]  off_rate_i,     // u0.16
  input  logic [15:0]  on_rate_i,
  input  logic [6:0]   tolerance_i,    // offset LSB
  input  logic [7:0]   pulses_i,
  input  logic [15:0]  step_i,         // u8.8 offset LSB
  input  logic [15:0]  step_sigma_i,
  // Random numbers.
  output logic         launch_o,
  output logic [3:0]   tag_o,
  output logic [31:0]  n_o,
  output logic [25:0]  addr_o,
  input  logic         valid_i,
  input  logic [255:0] word_i,
  input  logic [127:0] z_i,
  // Windows.
  output logic         req_o,
  output logic         we_o,
  output logic [3:0]   sel_o,
  output logic [23:0]  waddr_o,
  output logic [31:0]  wdata_o,
  input  logic         rvalid_i,
  input  logic [31:0]  rdata_i,
  // Counting pulses.
  output logic [2:0]   pulses_o,
  output logic [2:0]   unverified_o
);
  localparam int unsigned Group = Cols < 16 ? Cols : 16;             // cells of a word of levels
  localparam int unsigned GroupShift = $clog2(Group / 4);
  localparam int unsigned DevBits = 24;
  localparam logic [31:0] OffsetWords = Cells * (Cols / 4);
  localparam logic [31:0] StuckWords = Cells * (Cols / Group);

  localparam logic [2:0] Idle = 3'd0;
  localparam logic [2:0] ReadLevels = 3'd1;    // of a word's four cells
  localparam logic [2:0] Draw = 3'd2;          // their deviations, until each is within the limit
  localparam logic [2:0] Verify = 3'd3;        // pulse after pulse
  localparam logic [2:0] WriteOffsets = 3'd4;
  localparam logic [2:0] DrawStuck = 3'd5;     // eight cells at a time
  localparam logic [2:0] WriteStuck = 3'd6;

  logic [2:0] state_q;
  logic stuck_too_q;
  logic waiting_q;             // for a window or for random numbers
  logic [23:0] word_q;
  logic [7:0] count_q;         // attempts or pulses so far; half of a word of stuck cells
  logic [7:0] levels_q;
  logic [3:0] taken_q;         // lanes that have their deviation
  logic [4*DevBits-1:0] dev_q;
  logic [31:0] stuck_q;
  logic [63:0] z;              // of this word's four cells
  logic [127:0] words;

  // A word of few columns' levels leaves the upper bits unused.
  logic unused;
  assign unused = ^rdata_i;

  assign busy_o = state_q != Idle;

  // A draw, limited as the distribution asks for; {within the limit, draw}.
  function [16:0] limited(input [15:0] draw, input [1:0] kind, input [11:0] limit);
    logic signed [31:0] x, top;
    begin
      x = 32'($signed(draw));
      top = $signed({16'd0, limit, 4'd0});
      limited = {1'b1, draw};
      if (kind != 2'd0 && x > top) limited = {kind == 2'd2, top[15:0]};
      if (kind == 2'd1 && x < -top) limited = {1'b0, 16'(-top)};
    end
  endfunction

  function [DevBits-1:0] scaled(input [15:0] draw, input [15:0] sigma);
    logic signed [39:0] product;
    begin
      product = $signed(40'($signed(draw))) * $signed({24'd0, sigma});
      scaled = DevBits'((product + 40'sd524288) >>> 20);
    end
  endfunction

  function [DevBits-1:0] pulsed(input [DevBits-1:0] dev, input [15:0] draw, input [15:0] mean, input [15:0] sigma);
    logic signed [39:0] step;
    begin
      step = $signed(40'($signed(draw))) * $signed({24'd0, sigma}) + $signed({12'd0, mean, 12'd0});
      step = (step + 40'sd524288) >>> 20;
      pulsed = dev[DevBits-1] ? dev + DevBits'(step) : dev - DevBits'(step);
    end
  endfunction

  function beyond(input signed [DevBits-1:0] dev, input [6:0] tolerance);
    beyond = dev > $signed({17'd0, tolerance}) || dev < -$signed({17'd0, tolerance});
  endfunction

  function [7:0] offset(input signed [DevBits-1:0] dev);
    offset = dev > 127 ? 8'd127 : dev < -128 ? 8'h80 : dev[7:0];
  endfunction

  function [1:0] stuck(input [15:0] h, input [15:0] off_rate, input [15:0] on_rate);
    stuck = h < off_rate ? 2'd1 : 17'(h) < 17'(off_rate) + 17'(on_rate) ? 2'd2 : 2'd0;
  endfunction

  // What the random numbers that have just come make of the cells. Nothing is worked out while nothing is generated: a
  // Verilated model would spend time on it.
  logic [3:0] within_now, out_of_tolerance;
  logic [4*DevBits-1:0] drawn, closer;
  logic [31:0] stuck_now;
  logic [15:0] draw;
  always_comb begin
    within_now = '0;
    out_of_tolerance = '0;
    drawn = '0;
    closer = '0;
    stuck_now = stuck_q;
    draw = '0;
    z = '0;
    words = '0;
    if (busy_o) begin
      z = word_q[0] ? z_i[127:64] : z_i[63:0];
      words = word_q[0] ? word_i[255:128] : word_i[127:0];
    end
    if (state_q == Draw) begin
      for (int unsigned i = 0; i < 4; i++) begin
        {within_now[i], draw} = limited(z[16*i+:16], kind_i, limit_i);
        drawn[DevBits*i+:DevBits] = scaled(draw, sigma_i[16*32'(levels_q[2*i+:2])+:16]);
      end
    end
    if (state_q == Verify) begin
      for (int unsigned i = 0; i < 4; i++) begin
        closer[DevBits*i+:DevBits] = pulsed(dev_q[DevBits*i+:DevBits], z[16*i+:16], step_i, step_sigma_i);
        out_of_tolerance[i] = beyond(dev_q[DevBits*i+:DevBits], tolerance_i);
      end
    end
    if (state_q == DrawStuck) begin
      for (int unsigned i = 0; i < 8; i++) begin
        if (Group == 16) stuck_now[16*32'(count_q[0])+2*i+:2] = stuck(word_i[32*i+16+:16], off_rate_i, on_rate_i);
        else if (Group == 8) stuck_now[2*i+:2] = stuck(word_i[32*i+16+:16], off_rate_i, on_rate_i);
        else if (i < 4) stuck_now[2*i+:2] = stuck(words[32*i+16+:16], off_rate_i, on_rate_i);
      end
    end
  end

  logic last_pulse;
  assign last_pulse = out_of_tolerance == '0 || count_q == pulses_i;

  // Random numbers and windows.
  always_comb begin
    launch_o = 1'b0;
    tag_o = cim_tile_pkg::TagDeviation;
    n_o = 32'(count_q);
    addr_o = {3'd0, word_q[23:1]};
    req_o = 1'b0;
    we_o = 1'b1;
    sel_o = cim_tile_pkg::SelOffset;
    waddr_o = word_q;
    wdata_o = stuck_q;
    if (busy_o) case (state_q)
      ReadLevels: begin
        req_o = !waiting_q;
        we_o = 1'b0;
        sel_o = cim_tile_pkg::SelLevel;
        waddr_o = word_q >> GroupShift;
      end
      Draw: launch_o = !waiting_q;
      Verify: begin
        launch_o = !waiting_q && !last_pulse;
        tag_o = cim_tile_pkg::TagPulse;
        n_o = 32'(count_q) + 32'd1;
      end
      WriteOffsets: begin
        req_o = !waiting_q;
        for (int unsigned i = 0; i < 4; i++) wdata_o[8*i+:8] = offset(dev_q[DevBits*i+:DevBits]);
      end
      DrawStuck: begin
        launch_o = !waiting_q;
        tag_o = cim_tile_pkg::TagStuck;
        n_o = '0;
        addr_o = Group == 16 ? {1'd0, word_q, count_q[0]} : Group == 8 ? {2'd0, word_q} : {3'd0, word_q[23:1]};
      end
      WriteStuck: begin
        req_o = !waiting_q;
        sel_o = cim_tile_pkg::SelStuck;
      end
      default: ;
    endcase
  end

  logic judged;   // every pulse of this word is done
  always_comb begin
    judged = 1'b0;
    unverified_o = '0;
    pulses_o = '0;
    if (state_q == Verify) begin
      judged = !waiting_q && last_pulse;
      if (judged && pulses_i != '0) unverified_o = 3'($countones(out_of_tolerance));
      if (valid_i) pulses_o = 3'($countones(out_of_tolerance));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      waiting_q <= 1'b0;
    end else begin
      if (busy_o && (launch_o || req_o)) waiting_q <= 1'b1;
      if (busy_o && (valid_i || rvalid_i)) waiting_q <= 1'b0;
      case (state_q)
        Idle: if (start_i != '0) begin
          word_q <= '0;
          count_q <= '0;
          taken_q <= '0;
          stuck_q <= '0;
          stuck_too_q <= start_i[1];
          if (start_i[0]) state_q <= ReadLevels;
          else if (start_i[1]) state_q <= DrawStuck;
        end
        ReadLevels: if (rvalid_i) begin
          levels_q <= rdata_i[8*(32'(word_q) & (Group/4-1))+:8];
          state_q <= Draw;
        end
        Draw: if (valid_i) begin
          for (int unsigned i = 0; i < 4; i++) begin
            if (!taken_q[i]) dev_q[DevBits*i+:DevBits] <= drawn[DevBits*i+:DevBits];
          end
          taken_q <= taken_q | within_now;
          count_q <= count_q + 8'd1;
          if ((taken_q | within_now) == '1 || count_q == 8'd15) begin
            taken_q <= '0;
            count_q <= '0;
            state_q <= Verify;
          end
        end
        Verify: begin
          if (valid_i) begin
            for (int unsigned i = 0; i < 4; i++) begin
              if (out_of_tolerance[i]) dev_q[DevBits*i+:DevBits] <= closer[DevBits*i+:DevBits];
            end
            count_q <= count_q + 8'd1;
          end
          if (judged) begin
            count_q <= '0;
            state_q <= WriteOffsets;
          end
        end
        WriteOffsets: if (rvalid_i) begin
          word_q <= word_q + 24'd1;
          state_q <= ReadLevels;
          if (32'(word_q) == OffsetWords - 32'd1) begin
            word_q <= '0;
            state_q <= stuck_too_q ? DrawStuck : Idle;
          end
        end
        DrawStuck: if (valid_i) begin
          stuck_q <= stuck_now;
          count_q[0] <= !count_q[0];
          if (Group < 16 || count_q[0]) begin
            count_q <= '0;
            state_q <= WriteStuck;
          end
        end
        WriteStuck: if (rvalid_i) begin
          word_q <= word_q + 24'd1;
          stuck_q <= '0;
          state_q <= 32'(word_q) == StuckWords - 32'd1 ? Idle : DrawStuck;
        end
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i != '0) StartWhileIdle_A : assert (!busy_o);
  end
endmodule
