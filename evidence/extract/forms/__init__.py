"""Each form of a page (Markdown, HTML, plain text, front matter) -> where its blocks, marks and notes stand."""
