"""All that knows Streamlit beside the pages: state, cached resources, components."""
