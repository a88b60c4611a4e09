internal import CLightGBM
internal import Glibc

// Safety: holds only addresses of functions that stay mapped for the life of the process, and is
// immutable; the functions themselves may be called from any thread.
/// The C functions of a loaded LightGBM library.
struct LightGBMFunctions: @unchecked Sendable {
  let getLastError: lgbm_get_last_error
  let registerLogCallback: lgbm_register_log_callback
  let dumpParameterAliases: lgbm_dump_param_aliases
  let getSampleCount: lgbm_get_sample_count
  let sampleIndices: lgbm_sample_indices
  let datasetCreateFromSampledColumn: lgbm_dataset_create_from_sampled_column
  let datasetCreateByReference: lgbm_dataset_create_by_reference
  let datasetInitStreaming: lgbm_dataset_init_streaming
  let datasetPushRowsWithMetadata: lgbm_dataset_push_rows_with_metadata
  let datasetMarkFinished: lgbm_dataset_mark_finished
  let datasetSerializeReference: lgbm_dataset_serialize_reference
  let byteBufferGetAt: lgbm_byte_buffer_get_at
  let byteBufferFree: lgbm_byte_buffer_free
  let datasetCreateFromSerializedReference: lgbm_dataset_create_from_serialized_reference
  let datasetSetFeatureNames: lgbm_dataset_set_feature_names
  let datasetFree: lgbm_dataset_free
  let setMaximumThreads: lgbm_set_max_threads
  let boosterCreate: lgbm_booster_create
  let boosterFree: lgbm_booster_free
  let boosterUpdateOneIteration: lgbm_booster_update_one_iter
  let boosterAddValidData: lgbm_booster_add_valid_data
  let boosterGetPredict: lgbm_booster_get_predict
  let boosterLoadModelFromString: lgbm_booster_load_model_from_string
  let boosterSaveModelToString: lgbm_booster_save_model_to_string
  let boosterPredictForMatrix: lgbm_booster_predict_for_mat
  let boosterFeatureImportance: lgbm_booster_feature_importance
  /// libgomp's entry point for a parallel region; nil if the library uses another OpenMP.
  let openMPParallel: gomp_parallel?
  /// OpenMP's limit on nested teams, which is a per-thread setting: with 0, the thread opens no
  /// team.
  let teamLimit: (get: omp_get_max_active_levels, set: omp_set_max_active_levels)?

  /// Resolves every symbol of a library that stays loaded.
  ///
  /// - Throws: `missingSymbol` with the name of the first missing symbol.
  init(library: UnsafeMutableRawPointer, path: String) throws(LearningError) {
    func resolve<Function>(_ name: String, as type: Function.Type) throws(LearningError)
      -> Function
    {
      guard let address = dlsym(library, name) else {
        throw LearningError(
          .missingSymbol,
          "`\(path)` has no function \(name); Holdout calls LightGBM 4.7.0",
          function: name)
      }
      // Safety: `type` is the C function type that CLightGBM.h declares for this symbol; a data
      // pointer and a function pointer have the same size and representation on Linux.
      return unsafeBitCast(address, to: type)
    }
    getLastError = try resolve("LGBM_GetLastError", as: lgbm_get_last_error.self)
    registerLogCallback = try resolve(
      "LGBM_RegisterLogCallback", as: lgbm_register_log_callback.self)
    dumpParameterAliases = try resolve("LGBM_DumpParamAliases", as: lgbm_dump_param_aliases.self)
    getSampleCount = try resolve("LGBM_GetSampleCount", as: lgbm_get_sample_count.self)
    sampleIndices = try resolve("LGBM_SampleIndices", as: lgbm_sample_indices.self)
    datasetCreateFromSampledColumn = try resolve(
      "LGBM_DatasetCreateFromSampledColumn", as: lgbm_dataset_create_from_sampled_column.self)
    datasetCreateByReference = try resolve(
      "LGBM_DatasetCreateByReference", as: lgbm_dataset_create_by_reference.self)
    datasetInitStreaming = try resolve(
      "LGBM_DatasetInitStreaming", as: lgbm_dataset_init_streaming.self)
    datasetPushRowsWithMetadata = try resolve(
      "LGBM_DatasetPushRowsWithMetadata", as: lgbm_dataset_push_rows_with_metadata.self)
    datasetMarkFinished = try resolve(
      "LGBM_DatasetMarkFinished", as: lgbm_dataset_mark_finished.self)
    datasetSerializeReference = try resolve(
      "LGBM_DatasetSerializeReferenceToBinary", as: lgbm_dataset_serialize_reference.self)
    byteBufferGetAt = try resolve("LGBM_ByteBufferGetAt", as: lgbm_byte_buffer_get_at.self)
    byteBufferFree = try resolve("LGBM_ByteBufferFree", as: lgbm_byte_buffer_free.self)
    datasetCreateFromSerializedReference = try resolve(
      "LGBM_DatasetCreateFromSerializedReference",
      as: lgbm_dataset_create_from_serialized_reference.self)
    datasetSetFeatureNames = try resolve(
      "LGBM_DatasetSetFeatureNames", as: lgbm_dataset_set_feature_names.self)
    datasetFree = try resolve("LGBM_DatasetFree", as: lgbm_dataset_free.self)
    setMaximumThreads = try resolve("LGBM_SetMaxThreads", as: lgbm_set_max_threads.self)
    boosterCreate = try resolve("LGBM_BoosterCreate", as: lgbm_booster_create.self)
    boosterFree = try resolve("LGBM_BoosterFree", as: lgbm_booster_free.self)
    boosterUpdateOneIteration = try resolve(
      "LGBM_BoosterUpdateOneIter", as: lgbm_booster_update_one_iter.self)
    boosterAddValidData = try resolve(
      "LGBM_BoosterAddValidData", as: lgbm_booster_add_valid_data.self)
    boosterGetPredict = try resolve("LGBM_BoosterGetPredict", as: lgbm_booster_get_predict.self)
    boosterLoadModelFromString = try resolve(
      "LGBM_BoosterLoadModelFromString", as: lgbm_booster_load_model_from_string.self)
    boosterSaveModelToString = try resolve(
      "LGBM_BoosterSaveModelToString", as: lgbm_booster_save_model_to_string.self)
    boosterPredictForMatrix = try resolve(
      "LGBM_BoosterPredictForMat", as: lgbm_booster_predict_for_mat.self)
    boosterFeatureImportance = try resolve(
      "LGBM_BoosterFeatureImportance", as: lgbm_booster_feature_importance.self)
    openMPParallel = try? resolve("GOMP_parallel", as: gomp_parallel.self)
    if openMPParallel != nil,
      let get = try? resolve(
        "omp_get_max_active_levels", as: omp_get_max_active_levels.self),
      let set = try? resolve("omp_set_max_active_levels", as: omp_set_max_active_levels.self)
    {
      teamLimit = (get, set)
    } else {
      teamLimit = nil
    }
  }

  /// Throws an error with LightGBM's message if a status reports a failure.
  ///
  /// Call it on the thread that made the failing call, before any other call: the message is
  /// thread-local.
  func check(_ status: Int32, _ function: String) throws(LearningError) {
    guard status != 0 else { return }
    let text = getLastError().map { String(cString: $0) } ?? ""
    throw LearningError(
      .callFailed, text.isEmpty ? "failed without a reason" : text,
      function: function)
  }
}
