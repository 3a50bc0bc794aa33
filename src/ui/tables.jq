def @csv: map(
  if type == "string" then "\"" + (split("\"") | join("\"\"")) + "\""
  elif type == "array" or type == "object" then error("a cell of @csv must be a scalar")
  elif . == null then "" else tostring end) | join(",");

def @tsv: map(
  if type == "string" then
    split("\\") | join("\\\\") | split("\t") | join("\\t") | split("\n") | join("\\n") | split("\r") | join("\\r")
  elif type == "array" or type == "object" then error("a cell of @tsv must be a scalar")
  elif . == null then "" else tostring end) | join("\t");
