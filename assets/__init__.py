"""What ships beside the code: model manifests, stage sets, the demo's song and performance."""
