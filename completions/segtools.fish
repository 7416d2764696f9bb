# Completion of segtools for fish, installed under the name of each program.
# Options are read from --help, and values asked for from the programs: what a
# list may have, rules, and what a release on the command line has, also in a
# program of the pipe before.

# Prints what the list of option $argv[2] of program $argv[1] may have: it says
# so of what is none.
function __segtools_list
    set -l said ($argv[1] --$argv[2] . 2>&1 >/dev/null </dev/null)
    set -l found (string match -r '(?:there are|not one of) (.*): \.$' -- $said[1])
    and string split ', ' -- $found[2]
end

# Prints the names of what $argv[1] says, labelsets or categories, of the first
# file on the command line that has some.
function __segtools_names
    for word in (commandline -bo | string unescape)
        test -f "$word"; or continue
        seg-samples --names $argv[1] $word 2>/dev/null </dev/null
        and return
    end
end

# Prints the parts of the --split on the command line.
function __segtools_parts
    set -l words (commandline -bo)
    set -l at (contains -i -- --split $words); or return
    string split , -- $words[(math $at + 1)] | string replace -r ':.*' ''
end

# Prints what may follow option $argv[2] of program $argv[1], whose argument
# --help calls $argv[3].
function __segtools_values
    switch "$argv[2]:$argv[3]"
        case '*:FILE'
            __fish_complete_path (commandline -ct)
        case '*:DIR' '*:DIR|URL'
            __fish_complete_directories (commandline -ct)
        case '*:LIST'
            __fish_append , (__segtools_list $argv[1] $argv[2])
        case '*:RULE'
            echo all
            $argv[1] --explain all | string replace -r ' .*' ''
        case 'labelset:*' '*:LABELSET'
            __segtools_names labelsets
        case '*category:*'
            __segtools_names categories
        case 'keypoints:*' 'stuff:*'
            __fish_append , (__segtools_names categories)
        case 'part:*'
            __segtools_parts
        case 'jobs:*'
            seq (nproc 2>/dev/null; or echo 1)
        case '*'
            # Words in small letters with bars between are all there is.
            if not string match -qr '[A-Z]' -- $argv[3]
                string split '|' -- $argv[3]
            end
    end
end

# Tells fish the options that --help of $argv[1] shows.
function __segtools_learn
    set -l program $argv[1]
    set -l form '^  (-(?<short>.), |    )--(?<long>[a-z0-9-]+)' \
        '( (?<arg>[^ ]+))?(  +(?<text>.*))?$'
    set -l lines ($program --help 2>/dev/null)
    for i in (seq (count $lines))
        string match -qr -- (string join '' $form) $lines[$i]; or continue
        # Where the left column is full, the text is on the next line.
        if test -z "$text"
            set text (string trim -- $lines[(math $i + 1)])
        end
        set -l how -l $long -d "$text"
        if test -n "$short"
            set -a how -s $short
        end
        if test -n "$arg"
            set -a how -xa "(__segtools_values $program $long '$arg')"
        end
        complete -c $program $how
    end
end

for program in seg-check seg-coco seg-decode seg-diff seg-eval seg-fetch seg-filter seg-frames seg-mask seg-release seg-samples seg-stat seg-view seg-yolo
    if command -q $program
        __segtools_learn $program
    end
end
