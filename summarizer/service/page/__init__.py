"""The web page: Gradio over the same desk as the endpoints, its templates, scripts and words."""
