;;; promptls.el --- Token counts and budgets for prompt files  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT
;; Author: The promptls developers
;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1") (eglot "1.17"))
;; Keywords: tools, languages

;;; Commentary:

;; promptls says exactly how many tokens each part of a prompt file costs and
;; what its references bring in, while you type, and warns before a budget is
;; crossed.  This file connects it to Eglot:
;;
;;   (require 'promptls)
;;   (promptls-mode 1)
;;
;; Prompt files (CLAUDE.md, AGENTS.md, SKILL.md, *.prompt.md, *.mdc, *.prompty
;; and others) then start the server when they are visited.  The tokens of each
;; section stand behind its heading, findings are Flymake's, and the mode line
;; shows the document's total.  `promptls-report' lists sections and references
;; with their costs, `promptls-render' shows what is sent.

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'jsonrpc)

(defgroup promptls nil
  "Token counts and budgets for prompt files."
  :group 'tools
  :prefix "promptls-")

(defcustom promptls-server-command '("promptls" "server")
  "The program to start, and its arguments."
  :type '(repeat string)
  :risky t)

(defcustom promptls-machine-settings nil
  "Settings that concern this machine, as a property list.
They come before those of your own promptls.toml.  For example
\\='(:allowedHosts [\"api.example.com\"] :allowedRoots [\"~/prompts\"])."
  :type '(plist :key-type symbol)
  :risky t)

(defcustom promptls-trusted-directories nil
  "Folders whose projects are trusted.
In these alone, and in what lies below them, promptls fetches
addresses and reads variables of the environment and files
outside of the project."
  :type '(repeat directory)
  :risky t)

(defcustom promptls-file-regexp
  (rx (or (seq "/" (or (seq (or "claude" "claude.local" "agents" "agents.override" "gemini"
                                "skill" "copilot-instructions")
                            ".md")
                       ".cursorrules"))
          (seq "." (or "prompt" "prompty" "mdc"))
          (seq "." (or "instructions" "chatmode" "agent") ".md")
          (seq (or (seq "/" (or "prompts" "agents" "commands" "skills" ".claude" ".cursor") "/"
                        (* nonl))
                   (seq "prompt" (* (not "/"))))
               "." (or "md" "markdown" "txt")))
      eos)
  "The files for which `promptls-mode' starts the server.
It is matched against the whole name, without regard to case."
  :type 'regexp)

(defvar-local promptls--report nil
  "The newest report of this buffer, a property list, or nil.")
(put 'promptls--report 'permanent-local t)

;;;; The mode for prompt files

(defvar promptls-prompt-font-lock-keywords
  `((,(rx bol (+ "#") (+ blank) (* nonl)) . 'font-lock-function-name-face)
    (,(rx bol (or "system" "user" "assistant" "developer") ":" (* blank) eol)
     . 'font-lock-keyword-face)
    (,(rx bol "<" (? "/") (any alpha) (* (any alnum "_-")) (* (not (any ">\n"))) ">")
     . 'font-lock-builtin-face)
    (,(rx "@" (or "file" "api" "var") ":" (+ (not (any space)))) . 'font-lock-constant-face))
  "What `promptls-prompt-mode' highlights.")

;;;###autoload
(define-derived-mode promptls-prompt-mode text-mode "Prompt"
  "A plain mode for prompt files, where `markdown-mode' is not installed."
  (setq-local font-lock-defaults '(promptls-prompt-font-lock-keywords t))
  (setq-local comment-start "<!-- ")
  (setq-local comment-end " -->"))

;;;###autoload
(defun promptls-set-major-mode ()
  "Turn on `markdown-mode' where it is installed, else `promptls-prompt-mode'."
  (if (fboundp 'markdown-mode)
      (funcall 'markdown-mode)
    (promptls-prompt-mode)))

;;;###autoload
(progn
  (add-to-list 'auto-mode-alist
               '("\\(?:\\.\\(?:mdc\\|prompty?\\)\\|/\\.cursorrules\\)\\'" . promptls-set-major-mode))
  (add-to-list 'auto-mode-alist
               '("\\(?:/prompts/.*\\|prompt[^/]*\\)\\.txt\\'" . promptls-set-major-mode))
  ;; Last: whoever has a mode for Markdown keeps it.
  (add-to-list 'auto-mode-alist '("\\.\\(?:md\\|markdown\\)\\'" . promptls-set-major-mode) t))

;;;; The server

(defclass promptls-server (eglot-lsp-server) ()
  :documentation "A running promptls.")

(defun promptls--contact (&rest _)
  "Tell Eglot how to start the server."
  (unless (executable-find (car promptls-server-command))
    (user-error "Cannot find `%s'; install it or set `promptls-server-command'"
                (car promptls-server-command)))
  (cons 'promptls-server promptls-server-command))

(add-to-list 'eglot-server-programs
             '(((promptls-prompt-mode :language-id "markdown")
                (markdown-mode :language-id "markdown")
                (markdown-ts-mode :language-id "markdown"))
               . promptls--contact))

(defun promptls--trusted-p (directory)
  "Whether DIRECTORY is or lies below a trusted one."
  (cl-some (lambda (trusted) (file-in-directory-p directory trusted))
           promptls-trusted-directories))

(cl-defmethod eglot-initialization-options ((_server promptls-server))
  "Say that reports are followed, and whether the project is trusted."
  (append (list :reportNotifications t
                ;; Eglot binds `default-directory' to the project's root.
                :trusted (if (promptls--trusted-p default-directory) t :json-false))
          (and promptls-machine-settings (list :machine promptls-machine-settings))))

(cl-defmethod eglot-client-capabilities ((_server promptls-server))
  "Leave it to the server to watch files.
It looks at those that prompts refer to; Eglot would watch every
folder of the project, but none without files of the project."
  (let ((capabilities (copy-tree (cl-call-next-method))))
    (plist-put (plist-get capabilities :workspace)
               :didChangeWatchedFiles '(:dynamicRegistration :json-false))
    capabilities))

(defun promptls--update-hints ()
  "Ask for the hints of the current buffer again, where it is in view.
Eglot by itself asks for those of changed lines alone, but what a
section costs stands at its first line."
  (when (bound-and-true-p eglot-inlay-hints-mode)
    (dolist (window (get-buffer-window-list nil nil 'visible))
      (let ((start (window-start window))
            (end (window-end window t)))
        ;; Eglot paints a hint at the very end anew without removing the old one.
        (remove-overlays (max (1- end) (point-min)) end 'eglot--inlay-hint t)
        (eglot--update-hints-1 start end)))))

(cl-defmethod eglot-handle-notification
  ((server promptls-server) (_method (eql promptls/reportChanged)) &key uri &allow-other-keys)
  "Ask SERVER for the figures of the buffer that visits URI."
  (when-let* ((buffer (find-buffer-visiting (eglot-uri-to-path uri))))
    (with-current-buffer buffer
      (promptls--update-hints))
    (jsonrpc-async-request
     server :promptls/report `(:textDocument (:uri ,uri))
     :success-fn (lambda (report)
                   (when (buffer-live-p buffer)
                     (with-current-buffer buffer
                       (setq promptls--report report)
                       (force-mode-line-update))))
     :error-fn #'ignore
     :timeout-fn #'ignore)))

(defun promptls--server ()
  "The server of this buffer, or an error."
  (let ((server (eglot-current-server)))
    (unless (cl-typep server 'promptls-server)
      (user-error "This buffer is not connected to promptls; try M-x eglot"))
    server))

(defun promptls--ask (method)
  "Send the request METHOD about this buffer, as it stands, and give the answer."
  (let ((server (promptls--server)))
    (eglot--signal-textDocument/didChange)
    (jsonrpc-request server method (list :textDocument (eglot--TextDocumentIdentifier)))))

(defun promptls-trust-project ()
  "Trust the current project, from now on or for this session alone.
See `promptls-trusted-directories' for what that allows."
  (interactive)
  (let* ((server (promptls--server))
         (folder (aref (eglot-workspace-folders server) 0))
         (root (eglot-uri-to-path (plist-get folder :uri))))
    (unless (promptls--trusted-p root)
      (when (yes-or-no-p (format "Always trust %s? " (abbreviate-file-name root)))
        (customize-save-variable 'promptls-trusted-directories
                                 (cons root promptls-trusted-directories))))
    (jsonrpc-notify server :promptls/trustGranted nil)
    (message "%s is trusted" (abbreviate-file-name root))))

;;;; The mode line

(defun promptls--grouped (number)
  "NUMBER with a comma at each thousand."
  (let ((digits (number-to-string number)))
    (while (string-match "\\`\\([0-9]+\\)\\([0-9]\\{3\\}\\)" digits)
      (setq digits (replace-match "\\1,\\2" nil nil digits)))
    digits))

(defun promptls--share (budget)
  "The used share of BUDGET as text, or the empty string."
  (if budget (format "%d %%" (floor (* 100 (plist-get budget :share)))) ""))

(defun promptls--severity (report)
  "The face for REPORT's total: that of a warning or an error, or nil."
  (let ((codes (mapcar (lambda (finding) (plist-get finding :code))
                       (plist-get report :findings))))
    (cond ((member "budget/document-exceeded" codes) 'error)
          ((member "budget/document-near" codes) 'warning))))

(defun promptls--total (report)
  "The figures of the whole document in REPORT, as text."
  (let ((sent (or (plist-get (plist-get report :estimate) :likely)
                  (plist-get report :expandedTokens)))
        (exact (equal (plist-get report :accuracy) "exact"))
        (budget (plist-get report :budget)))
    (concat (cond ((null (plist-get report :tokens)) "counting…")
                  ((null sent) (concat (promptls--grouped (plist-get report :tokens)) " tok …"))
                  (t (concat (if exact "" "≈") (promptls--grouped sent) " tok")))
            (if budget (concat " " (promptls--share budget)) ""))))

(defun promptls-mode-line ()
  "The document's tokens and the share of its budget, for the mode line."
  (when (and promptls--report (cl-typep (eglot-current-server) 'promptls-server))
    ;; What is evaluated in a mode line is looked through for constructs with %.
    (propertize (string-replace "%" "%%" (concat " " (promptls--total promptls--report)))
                'face (promptls--severity promptls--report)
                'help-echo "Tokens that are sent, and their share of the budget")))

;;;###autoload
(define-minor-mode promptls-mode
  "Start promptls in prompt files, and show their tokens in the mode line."
  :global t
  (let ((construct '(:eval (promptls-mode-line))))
    (if promptls-mode
        (progn (add-hook 'find-file-hook #'promptls-ensure)
               (add-to-list 'mode-line-misc-info construct))
      (remove-hook 'find-file-hook #'promptls-ensure)
      (setq-default mode-line-misc-info (delete construct mode-line-misc-info)))))

(defun promptls-ensure ()
  "Start promptls in this buffer if it visits a prompt file."
  (let ((case-fold-search t))
    (when (and buffer-file-name (string-match-p promptls-file-regexp buffer-file-name))
      (eglot-ensure))))

(autoload 'promptls-report "promptls-report" "List what each part of this prompt costs." t)
(autoload 'promptls-render "promptls-report" "Show what is sent of this prompt." t)

(provide 'promptls)
;;; promptls.el ends here
