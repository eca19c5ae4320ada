// Functional cover points of the layer engine, as in cim_cover.sv.
/* verilator lint_off DECLFILENAME */  // several small modules that are read together

module cim_cover_engine (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        begins,          // a layer
  input logic        last,
  input logic        pool,
  input logic        wide,
  input logic [12:0] kernel,
  input logic [12:0] pad,
  input logic [13:0] conv_height,
  input logic [13:0] conv_width,
  input logic [12:0] row_blocks,
  input logic [12:0] column_blocks,
  input logic [15:0] block_rows,
  input logic [15:0] last_rows,
  input logic [15:0] block_outputs,
  input logic [15:0] last_outputs,
  input logic [2:0]  in_slots,
  input logic [2:0]  out_slots,
  input logic        stopped_loading,
  input logic        stopped_running,
  input logic        tile_busy,
  input logic        mem_waits,
  input logic        refuses,         // a descriptor
  input logic        checking,
  input logic [3:0]  reason
);
  always_ff @(posedge clk_i) begin
    if (rst_ni && begins) begin
      EnginePoolsOddHeight_C: cover (pool && conv_height[0]);
      EnginePoolsOddWidth_C: cover (pool && conv_width[0]);
      EnginePoolsEvenSides_C: cover (pool && !conv_height[0] && !conv_width[0]);
      EngineDoesNotPool_C: cover (!pool && !last && conv_height > 14'd1);
      EngineWideHidden_C: cover (wide && !last);
      EngineWideLogits_C: cover (wide && last);
      EngineNarrowLogits_C: cover (!wide && last);
      EngineKernelOfOne_C: cover (kernel == 13'd1 && conv_width > 14'd1);
      EngineKernelLarge_C: cover (kernel > 13'd4);
      EngineLastIsAConvolution_C: cover (last && kernel > 13'd1);
      EngineNoPad_C: cover (kernel > 13'd1 && pad == '0);
      EnginePadOfAllButOne_C: cover (kernel > 13'd1 && pad == kernel - 13'd1);
      EngineManyRowBlocks_C: cover (row_blocks > 13'd1);
      EngineManyColumnBlocks_C: cover (column_blocks > 13'd1);
      EngineShorterLastRows_C: cover (last_rows < block_rows);
      EngineFewerLastOutputs_C: cover (column_blocks > 13'd1 && last_outputs < block_outputs);
      EngineOneLineOfInput_C: cover (in_slots == 3'd1 && conv_height > 14'd1);
      EngineTwoLinesOfInput_C: cover (in_slots == 3'd2 && conv_height > 14'd1);
      EngineFourLinesOfInput_C: cover (in_slots == 3'd4 && conv_height > 14'd1);
      EngineOneLineOfResults_C: cover (out_slots == 3'd1 && conv_height > 14'd2);
      EngineTwoLinesOfResults_C: cover (out_slots == 3'd2 && conv_height > 14'd2);
      EngineFourLinesOfResults_C: cover (out_slots == 3'd4 && conv_height > 14'd2);
    end
    if (rst_ni) begin
      EngineStoppedWhileLoading_C: cover (stopped_loading);
      EngineStoppedWhileRunning_C: cover (stopped_running && !tile_busy);
      EngineStoppedUnderAJob_C: cover (stopped_running && tile_busy);
      EngineWaitsForMemory_C: cover (mem_waits);
      EngineRefusesBeforeItRuns_C: cover (refuses && checking);
      EngineRefusesARegister_C: cover (reason == 4'd1);
      EngineGivesUpATile_C: cover (reason == 4'd4);
    end
  end
endmodule

bind cim_engine cim_cover_engine u_cover (
  .clk_i, .rst_ni, .begins(parts_start), .last, .pool, .wide, .kernel, .pad, .conv_height, .conv_width, .row_blocks,
  .column_blocks, .block_rows, .last_rows, .block_outputs, .last_outputs, .in_slots, .out_slots,
  .stopped_loading(stopping && state_q == Load), .stopped_running(stopping && state_q == Run), .tile_busy(tile_busy_i),
  .mem_waits(mem_req_o && !mem_gnt_i), .refuses(state_q == Load && layer_refused), .checking(checking_q), .reason(reason_o)
);

module cim_cover_engine_waits (
  input logic clk_i,
  input logic rst_ni,
  input logic fetch_waits,    // for room in INPUT
  input logic input_waits,    // a job for its line
  input logic output_waits,   // a job for room in OUTPUT
  input logic tile_waits      // a job for the tile
);
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      EngineFetchWaitsForRoom_C: cover (fetch_waits);
      EngineJobWaitsForItsLine_C: cover (input_waits);
      EngineJobWaitsForRoom_C: cover (output_waits);
      EngineJobWaitsForTheTile_C: cover (tile_waits);
    end
  end
endmodule

bind cim_engine cim_cover_engine_waits u_cover_waits (
  .clk_i, .rst_ni,
  .fetch_waits(u_fetch.active_q && !u_fetch.busy_q && !u_fetch.begins),
  .input_waits(u_jobs.active_q && u_jobs.line_q == fetched),
  .output_waits(u_jobs.active_q && u_jobs.line_q < fetched && !job_valid_o),
  .tile_waits(job_valid_o && !job_ready_i)
);

module cim_cover_engine_post (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        valid,
  input logic [55:0] v,
  input logic        result,
  input logic [60:0] shifted
);
  always_ff @(posedge clk_i) begin
    if (rst_ni && valid) begin
      EngineSumNegative_C: cover (v[55]);
      EngineSumLimited_C: cover (!v[55] && v[54:45] != '0);
      EngineSumInRange_C: cover (!v[55] && v[54:45] == '0 && v != '0);
    end
    if (rst_ni && result) begin
      EngineActivationLimited_C: cover (shifted > 61'd255);
      EngineActivationInRange_C: cover (shifted != '0 && shifted <= 61'd255);
    end
  end
endmodule

bind cim_engine_post cim_cover_engine_post u_cover (
  .clk_i, .rst_ni, .valid(valid_q[4]), .v(v_q), .result(valid_q[5]), .shifted
);
