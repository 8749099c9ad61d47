"""What the prompt asks for."""

PROMPTS = {
    "find": "find a row with this text; Enter",
    "filter": "events whose term, body system or subject has this text; Enter keeps, Esc clears",
    "command": "a command, such as endpoint GLUC; help lists them",
    "export": "a file to write: NAME.csv, .md, .json, .txt or .svg",
    "endpoint": "part of the endpoint's name; arrows, Enter",
    "population": "part of the population's name; arrows, Enter",
    "method": "part of the method's name; arrows, Enter",
}
